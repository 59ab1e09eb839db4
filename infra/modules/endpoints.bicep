@description('Ends the names of resources.')
param suffix string

@description('The region.')
param location string

@description('Tags of every resource.')
param tags object

@description('The private network.')
param networkId string

@description('The subnet of private endpoints.')
param subnetId string

@description('The storage account.')
param storageId string

@description('The vault.')
param vaultId string

var targets = [
  { part: 'blob', resource: storageId, zone: 'privatelink.blob.${environment().suffixes.storage}' }
  { part: 'queue', resource: storageId, zone: 'privatelink.queue.${environment().suffixes.storage}' }
  { part: 'table', resource: storageId, zone: 'privatelink.table.${environment().suffixes.storage}' }
  { part: 'vault', resource: vaultId, zone: 'privatelink.vaultcore.azure.net' }
]

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [for target in targets: {
  name: target.zone
  location: 'global'
  tags: tags
}]

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (target, place) in targets: {
  parent: zone[place]
  name: 'link-${suffix}'
  location: 'global'
  tags: tags
  properties: { registrationEnabled: false, virtualNetwork: { id: networkId } }
}]

resource endpoint 'Microsoft.Network/privateEndpoints@2024-01-01' = [for target in targets: {
  name: 'pe-${target.part}-${suffix}'
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      #disable-next-line use-resource-id-functions // Both are ids that were handed in.
      { name: target.part, properties: { privateLinkServiceId: target.resource, groupIds: [target.part] } }
    ]
  }
}]

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-01-01' = [for (target, place) in targets: {
  parent: endpoint[place]
  name: 'default'
  properties: { privateDnsZoneConfigs: [{ name: target.part, properties: { privateDnsZoneId: zone[place].id } }] }
}]
