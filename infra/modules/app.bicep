@description('The app\'s name.')
param name string

@description('The region.')
param location string

@description('Tags of every resource.')
param tags object

@description('The app\'s identity.')
param identityId string

@description('The identity as storage and monitoring know it.')
param identityClientId string

@description('The storage account.')
param storageName string

@description('The vault\'s address.')
param vaultUri string

@description('Where counts and logs go.')
param insightsConnection string

@description('The subnet the app reaches the rest through; empty for the public network.')
param subnetId string

@description('The address missions\' links start with; empty for the app\'s own.')
param publicUrl string

@description('Whom letters come from.')
param mailFrom string

@description('Where bounces go.')
param mailReturnPath string

@description('Who is told by mail of what waits for a person.')
param noticesTo string

@description('The way out for mail.')
param mailTransport string

@description('How the connection to the SMTP server is encrypted.')
param mailEncryption string

@description('The most connections to the SMTP server at once, over all instances; 0 for no limit.')
param mailConnections int

@description('The user name at the SMTP server; empty for none.')
param mailUser string

@description('The name of letters\' signatures in the DNS; empty for none.')
param mailDkimSelector string

@description('Whether Defender for Storage looks for malware.')
param malwareScanning bool

@description('The public key of SendGrid\'s signed events.')
param sendGridEventKey string

@description('The address that tracked replies come to.')
param inboundReplyAddress string

@description('The public key of SendGrid\'s Inbound Parse.')
param inboundSendGridKey string

@description('The server of the return mailbox.')
param inboundImapServer string

@description('The user name at the return mailbox.')
param inboundUser string

@description('How many keys sign missions\' links.')
param linkKeys int

@description('Further settings.')
param settings object

@description('The application people sign in with.')
param entraClientId string

@description('The directory people sign in from.')
param entraTenantId string

@description('The most instances.')
param maximumInstances int

@description('Instances always ready for pages.')
param alwaysReady int

@description('How a new version takes the place of the old.')
param updateStrategy string

var blobUri = 'https://${storageName}.blob.${environment().suffixes.storage}'
var queueUri = 'https://${storageName}.queue.${environment().suffixes.storage}'
var tableUri = 'https://${storageName}.table.${environment().suffixes.storage}'

// SendGrid signs by itself, and the app does not start with a key for letters that it does not sign.
var signs = mailTransport != 'sendgrid' && !empty(mailDkimSelector)

// Secrets by the setting that reads them; each only where it is needed, since a reference to a secret that is not there is no setting.
var secrets = union(
  toObject(map(range(0, linkKeys), number => { setting: 'Links__Keys__${number}', secret: 'link-key-${number}' }), entry => entry.setting, entry => entry.secret),
  mailTransport == 'sendgrid' ? { Mail__SendGridApiKey: 'sendgrid-api-key' } : {},
  !empty(mailUser) ? { Mail__Password: 'mail-password' } : {},
  signs ? { Mail__DkimKey: 'dkim-key' } : {},
  !empty(inboundUser) ? { Inbound__Password: 'inbound-password' } : {})

var references = mapValues(secrets, secret => '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${secret})')

var account = {
  blobServiceUri: blobUri
  queueServiceUri: queueUri
  tableServiceUri: tableUri
  credential: 'managedidentity'
  clientId: identityClientId
}

// Under the name that earlier versions read as well: one of them runs until the new one is deployed.
var storage = union(
  toObject(items(account), entry => 'DistributionStorage__${entry.key}', entry => entry.value),
  toObject(items(account), entry => 'Storage__${entry.key}', entry => entry.value))

var own = {
  PublicUrl: empty(publicUrl) ? 'https://${name}.azurewebsites.net' : publicUrl
  Templates: 'templates'
  Typesetting__Folder: 'typesetter'
  Typesetting__Node: 'node/node'
  // Never under the names the Functions host reads: it would send the address of every request there, missions' links included.
  Monitoring__ConnectionString: insightsConnection
  Mail__Transport: mailTransport
  Mail__From: mailFrom
  Mail__ReturnPath: mailReturnPath
  Mail__NoticesTo: noticesTo
  Mail__Encryption: mailEncryption
  Mail__Connections: string(mailConnections)
  Mail__User: mailUser
  Mail__DkimSelector: signs ? mailDkimSelector : ''
  Intake__Scanner: malwareScanning ? 'defender' : ''
  Mail__SendGridEventKey: sendGridEventKey
  Inbound__ReplyAddress: inboundReplyAddress
  Inbound__SendGridKey: inboundSendGridKey
  Inbound__ImapServer: inboundImapServer
  Inbound__User: inboundUser
}

var platform = {
  // In bytes; RequestLimits.Host in the code. The host reads every body whole, into about eight times as much memory, before the app can refuse it.
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '34000000'
  // Verbs that no function takes would else be answered with a page of the platform's.
  AzureWebJobsDisableHomepage: 'true'
  AzureWebJobsStorage__accountName: storageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'functions' })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    // Only so can a certificate for the domain that missions see be bound on this plan, and only at the creation of the app.
    #disable-next-line BCP037 // Documented, and not in the compiler's types yet.
    siteScopedCertificatesEnabled: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: { minTlsVersion: '1.2', http20Enabled: true, remoteDebuggingEnabled: false }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobUri}/packages'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      #disable-next-line BCP037 // As above.
      siteUpdateStrategy: { type: updateStrategy }
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstances
        // The typesetter may take 1,500 MB for one letter, and batches hold enclosures: 2 GB would be too little.
        instanceMemoryMB: 4096
        alwaysReady: alwaysReady == 0 ? [] : [{ name: 'http', instanceCount: alwaysReady }]
        // Eight bodies of 34 MB, read into memory by the host, still leave room for the typesetter.
        triggers: { http: { perInstanceConcurrency: 8 } }
      }
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(storage, own, settings, references, platform)
  }

  // People sign in with Entra ID. Requests without a sign-in are let through on purpose, for missions' pages and signed deliveries have none: the app
  // decides about every address. No path is left out, for there a forged header would not be removed.
  resource authentication 'config' = {
    name: 'authsettingsV2'
    properties: {
      platform: { enabled: true }
      globalValidation: { requireAuthentication: false, unauthenticatedClientAction: 'AllowAnonymous' }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: { clientId: entraClientId, openIdIssuer: '${environment().authentication.loginEndpoint}${entraTenantId}/v2.0' }
          validation: { allowedAudiences: [entraClientId, 'api://${entraClientId}'] }
        }
      }
      login: { tokenStore: { enabled: false }, preserveUrlFragmentsForLogins: false }
      httpSettings: { requireHttps: true }
    }
  }

  // Nobody publishes with a password.
  resource noFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noScm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'

#disable-next-line outputs-should-not-contain-secrets // The names of secrets, not what they hold.
output secretNames array = map(items(secrets), entry => entry.value)
