@description('The identity\'s name.')
param name string

@description('The region.')
param location string

@description('Tags of every resource.')
param tags object

// The app is this identity everywhere: no key or connection string is kept anywhere.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

output id string = identity.id
output principalId string = identity.properties.principalId
output clientId string = identity.properties.clientId
