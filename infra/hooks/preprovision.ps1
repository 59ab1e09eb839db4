# Makes, once, the application that people of the secretariat sign in with, and gives it the three roles. Safe to repeat.
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot

function Assert-Done([string] $words) { if ($LASTEXITCODE -ne 0) { [Console]::Error.WriteLine($words); exit 1 } }

if (-not $env:AZURE_ENV_NAME) { [Console]::Error.WriteLine('AZURE_ENV_NAME is not set: run this as part of azd up.'); exit 1 }
foreach ($name in 'MAIL_FROM', 'MAIL_RETURN_PATH', 'ALERTS_TO') {
    if (-not [Environment]::GetEnvironmentVariable($name)) {
        [Console]::Error.WriteLine("$name is not set: run azd env set $name VALUE; README.md says what it is for.")
        exit 1
    }
}

if ("$env:PUBLIC_URL".EndsWith('/')) {
    [Console]::Error.WriteLine("PUBLIC_URL ends with a slash: run azd env set PUBLIC_URL $($env:PUBLIC_URL.TrimEnd('/')) without it.")
    exit 1
}

# The one part that is named in no template, so that nobody registers it by itself: it owns the app's subnet.
if ($env:PRIVATE_NETWORK -eq 'true') {
    az provider register --namespace Microsoft.App --wait
    Assert-Done 'Microsoft.App could not be registered in the subscription: ask its owner for az provider register --namespace Microsoft.App.'
}

$title = "Distribution ($env:AZURE_ENV_NAME)"
$client = $env:ENTRA_CLIENT_ID
if (-not $client) {
    $client = az ad app list --display-name $title --query '[0].appId' --output tsv
    Assert-Done 'The directory could not be asked: run az login, as somebody who may register applications.'
}
if (-not $client) {
    $client = az ad app create --display-name $title --sign-in-audience AzureADMyOrg --enable-id-token-issuance true --query appId --output tsv
    Assert-Done "The application $title could not be registered: ask for the role Application Developer, or for somebody who has it."
}
az ad app update --id $client --app-roles '@app-roles.json'
Assert-Done "The roles of $title could not be set: only its owner may."
if (-not (az ad sp list --filter "appId eq '$client'" --query '[0].id' --output tsv)) {
    az ad sp create --id $client | Out-Null
    Assert-Done "The application $title could not be entered in the directory."
}
# Who has no role is not even let in.
az ad sp update --id $client --set appRoleAssignmentRequired=true
Assert-Done "It could not be set that only people with a role sign in to $title."
azd env set ENTRA_CLIENT_ID $client
Write-Output "People sign in with the application $title ($client)."
