using './main.bicep'

// Set with: azd env set NAME VALUE. README.md says which are needed.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'distribution')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param principalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param principalType = readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User') == 'ServicePrincipal' ? 'ServicePrincipal' : 'User'
param publicUrl = readEnvironmentVariable('PUBLIC_URL', '')
param mailFrom = readEnvironmentVariable('MAIL_FROM')
param mailReturnPath = readEnvironmentVariable('MAIL_RETURN_PATH')
param mailTransport = readEnvironmentVariable('MAIL_TRANSPORT', 'sendgrid')
param mailUser = readEnvironmentVariable('MAIL_USER', '')
param sendGridEventKey = readEnvironmentVariable('SENDGRID_EVENT_KEY', '')
param inboundReplyAddress = readEnvironmentVariable('INBOUND_REPLY_ADDRESS', '')
param inboundSendGridKey = readEnvironmentVariable('INBOUND_SENDGRID_KEY', '')
param inboundImapServer = readEnvironmentVariable('INBOUND_IMAP_SERVER', '')
param inboundUser = readEnvironmentVariable('INBOUND_USER', '')
param linkKeys = int(readEnvironmentVariable('LINK_KEYS', '1'))
param settings = json(readEnvironmentVariable('APP_SETTINGS', '{}'))
param entraClientId = readEnvironmentVariable('ENTRA_CLIENT_ID')
param entraTenantId = readEnvironmentVariable('AZURE_TENANT_ID', '')
param alertsTo = readEnvironmentVariable('ALERTS_TO')
param privateNetwork = bool(readEnvironmentVariable('PRIVATE_NETWORK', 'false'))
param archiveImmutableDays = int(readEnvironmentVariable('ARCHIVE_IMMUTABLE_DAYS', '0'))
