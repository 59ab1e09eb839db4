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

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: { family: 'A', name: 'standard' }
    tenantId: tenant().tenantId
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: { defaultAction: isPrivate ? 'Deny' : 'Allow', bypass: 'AzureServices' }
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

output id string = vault.id
output name string = vault.name
output uri string = vault.properties.vaultUri
