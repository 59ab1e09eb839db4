// Everything the service needs, in one resource group. README.md says what each part is for and how to deploy it.
targetScope = 'subscription'

@minLength(1)
@maxLength(40)
@description('A name for this deployment, such as gcm-production. Names of resources follow from it.')
param environmentName string

@minLength(1)
@description('The Azure region of everything. It must offer Flex Consumption.')
param location string

@description('The person or pipeline that deploys: may write secrets into the vault and files into the drafts container. Empty for nobody.')
param principalId string = ''

@allowed(['User', 'ServicePrincipal'])
@description('What principalId is.')
param principalType string = 'User'

@description('The address missions\' links start with, such as https://letters.example.org, once it is bound to the app. Empty for the address Azure gives.')
param publicUrl string = ''

@minLength(1)
@description('Whom letters come from: Name <address>.')
param mailFrom string

@minLength(1)
@description('The address that letters which cannot be delivered go back to.')
param mailReturnPath string

@description('The way out for mail: sendgrid, or smtps://HOST:PORT.')
param mailTransport string = 'sendgrid'

@allowed(['starttls', 'auto', 'none'])
@description('How the connection to an smtp:// server is encrypted. With auto, whoever sits on the way can have letters and the password travel in the clear.')
param mailEncryption string = 'starttls'

@minValue(0)
@description('The most connections to the SMTP server at once, over all instances; 0 for no limit. Ask the server\'s administrator how many it allows.')
param mailConnections int = 10

@description('The user name at the SMTP server; its password is the secret mail-password. Empty for SendGrid, or where no sign-in is wanted.')
param mailUser string = ''

@description('The name letters\' signatures (DKIM) have in the DNS, where SMTP is the way out; the key is the secret dkim-key. Empty: they leave unsigned. SendGrid signs by itself.')
param mailDkimSelector string = ''

@description('Whether Defender for Storage looks for malware in what is uploaded; it is paid for by the gigabyte. Without it nothing is scanned, and the pages say so.')
param malwareScanning bool = false

@description('The public key of SendGrid\'s signed events, as its page shows it; two with a space between while one replaces the other. Empty: no events are taken.')
param sendGridEventKey string = ''

@description('The address that tracked replies come to, such as replies@letters.example.org. Empty where no replies are tracked.')
param inboundReplyAddress string = ''

@description('The public key of SendGrid\'s Inbound Parse. Empty: no replies come that way.')
param inboundSendGridKey string = ''

@description('The server of the return mailbox: imaps://HOST:PORT. Empty where none is read.')
param inboundImapServer string = ''

@description('The user name at the return mailbox; its password is the secret inbound-password.')
param inboundUser string = ''

@description('How many keys sign and verify missions\' links: the secrets link-key-0, link-key-1 and so on. Two while one replaces the other.')
@minValue(1)
@maxValue(5)
param linkKeys int = 1

@description('Further settings by their names as environment variables, such as { Release__People: \'1\' }. README.md of the repository lists them. Never secrets.')
param settings object = {}

@description('The application (client) id that people sign in with; the preprovision hook makes it.')
param entraClientId string

@description('The directory people sign in from. Empty for the deployment\'s own.')
param entraTenantId string = ''

@description('Who is written to when something needs a person: an address of the team on duty.')
param alertsTo string

@description('Who of the secretariat the app itself writes to when something waits for a person at the desk. Empty for whom alerts are written to.')
param noticesTo string = ''

@description('From what share of the letters coming back an alert is sent, in percent.')
@minValue(1)
@maxValue(100)
param bounceAlertPercent int = 5

@description('The most instances of the app. Each works on up to three batches at once, and takes 4 GB of the 500 that all Flex Consumption apps of a subscription share in a region unless more was asked for.')
@minValue(1)
@maxValue(1000)
param maximumInstances int = 40

@allowed(['RollingUpdate', 'Recreate'])
@description('How a new version or new settings take the place of the old: RollingUpdate lets what runs come to its end (a preview of Azure), Recreate ends it.')
param updateStrategy string = 'RollingUpdate'

@description('Instances always ready for pages: 1 spares the first visitor of the day the start, 0 costs nothing at rest.')
@minValue(0)
@maxValue(10)
param alwaysReady int = 1

@description('For how many days deleted and overwritten files can be brought back. As long as that, erased personal data is still there.')
@minValue(7)
@maxValue(365)
param softDeleteDays int = 14

@description('For how many days nothing in the container archive can be changed or deleted. 0 for no such rule. Only what names nobody may be put there: sealed logs without people.jsonl.')
@minValue(0)
@maxValue(3650)
param archiveImmutableDays int = 0

@description('Whether storage and vault are reached through a private network only. The pages stay public: missions need them.')
param privateNetwork bool = false

@description('With a private network: public IPv4 addresses or networks, such as 203.0.113.7, from which storage and vault are reached all the same, for whoever deploys, restores or audits from there. Empty for none.')
param reachableFrom array = []

@description('Whether the vault of an earlier deployment of this name, which was deleted less than 90 days ago, is brought back with its secrets. A vault with purge protection keeps its name for so long.')
param recoverVault bool = false

var tags = { 'azd-env-name': environmentName }
var suffix = uniqueString(subscription().id, environmentName, location)

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: { name: 'id-${suffix}', location: location, tags: tags }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: { suffix: suffix, location: location, tags: tags, identityPrincipalId: identity.outputs.principalId }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  scope: group
  params: { name: 'vnet-${suffix}', location: location, tags: tags }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: 'st${suffix}'
    location: location
    tags: tags
    identityPrincipalId: identity.outputs.principalId
    principalId: principalId
    principalType: principalType
    softDeleteDays: softDeleteDays
    archiveImmutableDays: archiveImmutableDays
    isPrivate: privateNetwork
    reachableFrom: reachableFrom
    malwareScanning: malwareScanning
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'modules/vault.bicep' = {
  scope: group
  params: {
    name: 'kv-${suffix}'
    location: location
    tags: tags
    identityPrincipalId: identity.outputs.principalId
    principalId: principalId
    principalType: principalType
    isPrivate: privateNetwork
    reachableFrom: reachableFrom
    recover: recoverVault
    workspaceId: monitoring.outputs.workspaceId
  }
}

module endpoints 'modules/endpoints.bicep' = if (privateNetwork) {
  scope: group
  params: {
    suffix: suffix
    location: location
    tags: tags
    networkId: network.?outputs.id ?? ''
    subnetId: network.?outputs.endpointsSubnetId ?? ''
    storageId: storage.outputs.id
    vaultId: vault.outputs.id
  }
}

module app 'modules/app.bicep' = {
  scope: group
  // With a private network the app finds storage and vault by these alone.
  dependsOn: [endpoints]
  params: {
    name: 'func-${suffix}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    vaultUri: vault.outputs.uri
    insightsConnection: monitoring.outputs.insightsConnection
    subnetId: network.?outputs.appSubnetId ?? ''
    publicUrl: publicUrl
    mailFrom: mailFrom
    mailReturnPath: mailReturnPath
    noticesTo: empty(noticesTo) ? alertsTo : noticesTo
    mailTransport: mailTransport
    mailEncryption: mailEncryption
    mailConnections: mailConnections
    mailUser: mailUser
    mailDkimSelector: mailDkimSelector
    malwareScanning: malwareScanning
    sendGridEventKey: sendGridEventKey
    inboundReplyAddress: inboundReplyAddress
    inboundSendGridKey: inboundSendGridKey
    inboundImapServer: inboundImapServer
    inboundUser: inboundUser
    linkKeys: linkKeys
    settings: settings
    entraClientId: entraClientId
    entraTenantId: empty(entraTenantId) ? tenant().tenantId : entraTenantId
    maximumInstances: maximumInstances
    alwaysReady: alwaysReady
    updateStrategy: updateStrategy
  }
}

module events 'modules/events.bicep' = {
  scope: group
  params: { name: 'evgt-${suffix}', location: location, tags: tags, storageId: storage.outputs.id }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    alertsTo: alertsTo
    bounceAlertPercent: bounceAlertPercent
    insightsId: monitoring.outputs.insightsId
    // The app's own address, which answers also before a domain is bound to it; and the domain, whose certificate and name
    // are what missions depend on.
    healthUrls: concat(['${app.outputs.url}/health'], empty(publicUrl) ? [] : ['${publicUrl}/health'])
    suffix: suffix
  }
}

@description('The resource group, for the hooks.')
output AZURE_RESOURCE_GROUP string = group.name

@description('The function app, for the hooks.')
output FUNCTION_APP_NAME string = app.outputs.name

@description('The address Azure gives the app.')
output FUNCTION_APP_URL string = app.outputs.url

@description('The system topic, for the hooks.')
output EVENT_TOPIC_NAME string = events.outputs.name

@description('The vault, for the hooks.')
output KEY_VAULT_NAME string = vault.outputs.name

@description('The storage account, for those who upload with a tool.')
output STORAGE_ACCOUNT_NAME string = storage.outputs.name

@description('The secrets the app reads.')
output SECRET_NAMES string = join(app.outputs.secretNames, ' ')
