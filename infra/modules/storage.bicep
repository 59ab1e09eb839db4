@description('The account\'s name.')
param name string

@description('The region.')
param location string

@description('Tags of every resource.')
param tags object

@description('The app\'s identity.')
param identityPrincipalId string

@description('Who deploys; empty for nobody.')
param principalId string

@description('What principalId is.')
param principalType string

@description('For how many days deleted and overwritten files can be brought back.')
param softDeleteDays int

@description('For how many days nothing in the archive container can be changed; 0 for no such rule.')
param archiveImmutableDays int

@description('Whether only private endpoints reach it.')
param isPrivate bool

@description('Public addresses from which it is reached all the same.')
param reachableFrom array

@description('The workspace that tells who read and changed which file.')
param workspaceId string

@description('Whether Defender for Storage looks for malware in what is uploaded.')
param malwareScanning bool

var containers = ['drafts', 'staging', 'unfinished', 'settings', 'distributions', 'reports', 'register', 'inbound', 'keys', 'log']
var queues = ['dispatch', 'dispatch-poison', 'prepare', 'prepare-poison']
var tables = ['Distributions', 'Dispatches', 'Journals', 'Uploads', 'Acknowledgements', 'Receipts', 'Forwards', 'Visits', 'Notices', 'Verifications', 'Replies', 'Erasures', 'DeskActs', 'Authors', 'Unfinished', 'Missions', 'Settings']

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_ZRS' }
  properties: {
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    publicNetworkAccess: isPrivate && empty(reachableFrom) ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      bypass: 'AzureServices'
      ipRules: isPrivate ? map(reachableFrom, address => { value: address, action: 'Allow' }) : []
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: true
    changeFeed: { enabled: true, retentionInDays: softDeleteDays }
    deleteRetentionPolicy: { enabled: true, days: softDeleteDays }
    containerDeleteRetentionPolicy: { enabled: true, days: softDeleteDays }
  }
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = [for item in containers: {
  parent: blobs
  name: item
}]

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: blobs
  name: 'packages'
}

// For sealed logs without people.jsonl: what cannot be erased must name nobody.
resource archive 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: blobs
  name: 'archive'
}

resource immutable 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2023-05-01' = if (archiveImmutableDays > 0) {
  parent: archive
  name: 'default'
  properties: {
    immutabilityPeriodSinceCreationInDays: max(archiveImmutableDays, 1)
    allowProtectedAppendWrites: false
  }
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource queue 'Microsoft.Storage/storageAccounts/queueServices/queues@2023-05-01' = [for item in queues: {
  parent: queueService
  name: item
}]

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource table 'Microsoft.Storage/storageAccounts/tableServices/tables@2023-05-01' = [for item in tables: {
  parent: tableService
  name: item
}]

// Who read a draft, who changed a record: an insider leaves a trace outside the account. Queues are left out, for they are asked every few seconds
// and hold nothing but where to look; so is the reading of tables.
resource files 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobs
  name: 'audit'
  properties: {
    workspaceId: workspaceId
    logs: [for category in ['StorageRead', 'StorageWrite', 'StorageDelete']: { category: category, enabled: true }]
  }
}

resource rows 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: tableService
  name: 'audit'
  properties: {
    workspaceId: workspaceId
    logs: [for category in ['StorageWrite', 'StorageDelete']: { category: category, enabled: true }]
  }
}

resource defender 'Microsoft.Security/defenderForStorageSettings@2022-12-01-preview' = if (malwareScanning) {
  scope: account
  name: 'current'
  properties: {
    isEnabled: true
    malwareScanning: { onUpload: { isEnabled: true, capGBPerMonth: 100 } }
    sensitiveDataDiscovery: { isEnabled: false }
    overrideSubscriptionLevelSettings: true
  }
}

// What was overwritten or deleted is gone for good after softDeleteDays: erasure is complete then.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'earlier-versions'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'] }
            actions: {
              version: { delete: { daysAfterCreationGreaterThan: softDeleteDays } }
              snapshot: { delete: { daysAfterCreationGreaterThan: softDeleteDays } }
            }
          }
        }
      ]
    }
  }
  dependsOn: [blobs]
}

// Blob Data Owner and not Contributor: the Functions host takes leases on blobs it keeps its own state in, and asks for Owner. Nothing of the
// account itself may be changed by any of these, and no key may be read.
var roles = [
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' // Storage Blob Data Owner
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88' // Storage Queue Data Contributor
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // Storage Table Data Contributor
]

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in roles: {
  scope: account
  name: guid(account.id, identityPrincipalId, role)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
  }
}]

var contributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')

// Who deploys may put files into drafts and the register, and nothing else.
resource uploads 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (item, place) in containers: if (!empty(principalId) && contains(['drafts', 'register'], item)) {
  scope: container[place]
  name: guid(account.id, item, principalId, contributor)
  properties: { roleDefinitionId: contributor, principalId: principalId, principalType: principalType }
}]

output id string = account.id
output name string = account.name
