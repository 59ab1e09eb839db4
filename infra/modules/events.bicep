@description('The topic\'s name.')
param name string

@description('The region.')
param location string

@description('Tags of every resource.')
param tags object

@description('The storage account whose events it carries.')
param storageId string

// Its subscriptions need a key of the app that exists only once the app runs: the postdeploy hook makes them.
resource topic 'Microsoft.EventGrid/systemTopics@2024-06-01-preview' = {
  name: name
  location: location
  tags: tags
  properties: { source: storageId, topicType: 'Microsoft.Storage.StorageAccounts' }
}

output name string = topic.name
