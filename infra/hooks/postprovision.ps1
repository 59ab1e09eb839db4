# Makes the key of missions' links where there is none and has the app read it, tells the sign-in where it leads back to, and names the secrets still
# missing. Safe to repeat.
$ErrorActionPreference = 'Stop'

function Assert-Done([string] $words) { if ($LASTEXITCODE -ne 0) { [Console]::Error.WriteLine($words); exit 1 } }

if (-not ($env:KEY_VAULT_NAME -and $env:FUNCTION_APP_NAME -and $env:FUNCTION_APP_URL -and $env:ENTRA_CLIENT_ID)) { [Console]::Error.WriteLine('Nothing has been created yet: run azd provision first.'); exit 1 }

$app = "/subscriptions/$env:AZURE_SUBSCRIPTION_ID/resourceGroups/$env:AZURE_RESOURCE_GROUP/providers/Microsoft.Web/sites/$env:FUNCTION_APP_NAME"
$address = "https://management.azure.com$app/config/configreferences/appsettings/refresh?api-version=2022-03-01"
$refresh = "az rest --method post --url $address"
$restart = "az functionapp restart --resource-group $env:AZURE_RESOURCE_GROUP --name $env:FUNCTION_APP_NAME"

$callbacks = @("$env:FUNCTION_APP_URL/.auth/login/aad/callback")
if ($env:PUBLIC_URL) { $callbacks += "$env:PUBLIC_URL/.auth/login/aad/callback" }
az ad app update --id $env:ENTRA_CLIENT_ID --web-redirect-uris @callbacks
Assert-Done "The application $env:ENTRA_CLIENT_ID could not be told where sign-ins lead back to."

if ($env:PRIVATE_NETWORK -eq 'true' -and -not $env:REACHABLE_FROM) {
    Write-Output "The vault $env:KEY_VAULT_NAME is closed to this machine, so its secrets were not looked at. To make or change one: azd env set REACHABLE_FROM ADDRESS, with the public address of this machine, and azd provision; then azd env set REACHABLE_FROM `"`", and azd provision again."
    exit 0
}

# Who deploys has just been allowed in, by role and by address, and both take some minutes to hold.
$most = if ($env:TRIES) { [int]$env:TRIES } else { 20 }
$pause = if ($env:PAUSE) { [int]$env:PAUSE } else { 15 }
for ($tries = 1; ; $tries++) {
    $known = az keyvault secret list --vault-name $env:KEY_VAULT_NAME --query '[].name' --output tsv 2>$null
    if ($LASTEXITCODE -eq 0) { break }
    if ($tries -ge $most) {
        [Console]::Error.WriteLine("The vault $env:KEY_VAULT_NAME cannot be read. Roles and addresses take some minutes to hold: run azd provision again. If that does not help, see that REACHABLE_FROM is the address of this machine.")
        exit 1
    }
    Start-Sleep -Seconds $pause
}

if ($known -notcontains 'link-key-0') {
    # In a file, for what stands on a command line can be read by others on this machine.
    $file = New-TemporaryFile
    try {
        $bytes = [byte[]]::new(32)
        [Security.Cryptography.RandomNumberGenerator]::Fill($bytes)
        [IO.File]::WriteAllText($file, "k1:$([Convert]::ToBase64String($bytes))")
        az keyvault secret set --vault-name $env:KEY_VAULT_NAME --name link-key-0 --file $file --output none
        Assert-Done "The key of missions' links could not be put into $env:KEY_VAULT_NAME."
    }
    finally { Remove-Item $file }
    Write-Output "Made the key of missions' links."
    # Azure looked for it when it made the app, found none, and would look again only in a day.
    az rest --method post --url $address --output none
    Assert-Done "The app could not be told to read the key of missions' links: run $refresh, then $restart."
    $known = @($known) + 'link-key-0'
}

$missing = @("$env:SECRET_NAMES".Split(' ', [StringSplitOptions]::RemoveEmptyEntries) | Where-Object { $known -notcontains $_ })
foreach ($secret in $missing) {
    Write-Output "Still missing: the secret $secret. Put it into a file and run: az keyvault secret set --vault-name $env:KEY_VAULT_NAME --name $secret --file FILE --output none"
}
if ($missing) { Write-Output "Without them the app does not work, and its address /health says so. After adding them, have them read: $refresh; $restart" }
