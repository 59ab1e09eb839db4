@description('The vault\'s name.')
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

@description('Whether only private endpoints reach it.')
param isPrivate bool

@description('Public addresses from which it is reached all the same.')
param reachableFrom array

@description('Whether a deleted vault of this name is brought back.')
param recover bool

@description('The workspace that tells who read which secret.')
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: { family: 'A', name: 'standard' }
    tenantId: tenant().tenantId
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    // The keys of missions' links are in it: nobody can delete them for good before that time is over.
    enablePurgeProtection: true
    createMode: recover ? 'recover' : 'default'
    publicNetworkAccess: isPrivate && empty(reachableFrom) ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      bypass: 'AzureServices'
      ipRules: isPrivate ? map(reachableFrom, address => { value: address }) : []
    }
  }
}

var reader = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')
var officer = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7')

// The app reads secrets; who deploys writes them. No secret passes through a template.
resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, identityPrincipalId, reader)
  properties: { roleDefinitionId: reader, principalId: identityPrincipalId, principalType: 'ServicePrincipal' }
}

resource writes 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(principalId)) {
  scope: vault
  name: guid(vault.id, principalId, officer)
  properties: { roleDefinitionId: officer, principalId: principalId, principalType: principalType }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'audit'
  properties: { workspaceId: workspaceId, logs: [{ category: 'AuditEvent', enabled: true }] }
}

output id string = vault.id
output name string = vault.name
output uri string = vault.properties.vaultUri
