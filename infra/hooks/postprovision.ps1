# Makes the key of missions' links where there is none, tells the sign-in where it leads back to, and names the secrets still missing. Safe to repeat.
$ErrorActionPreference = 'Stop'

function Assert-Done([string] $words) { if ($LASTEXITCODE -ne 0) { [Console]::Error.WriteLine($words); exit 1 } }

if (-not ($env:KEY_VAULT_NAME -and $env:FUNCTION_APP_URL -and $env:ENTRA_CLIENT_ID)) { [Console]::Error.WriteLine('Nothing has been created yet: run azd provision first.'); exit 1 }

$known = az keyvault secret list --vault-name $env:KEY_VAULT_NAME --query '[].name' --output tsv
Assert-Done "The vault $env:KEY_VAULT_NAME cannot be read yet: roles take some minutes to hold. Run azd provision again."

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
    $known = @($known) + 'link-key-0'
}

$callbacks = @("$env:FUNCTION_APP_URL/.auth/login/aad/callback")
if ($env:PUBLIC_URL) { $callbacks += "$env:PUBLIC_URL/.auth/login/aad/callback" }
az ad app update --id $env:ENTRA_CLIENT_ID --web-redirect-uris @callbacks
Assert-Done "The application $env:ENTRA_CLIENT_ID could not be told where sign-ins lead back to."

$missing = @("$env:SECRET_NAMES".Split(' ', [StringSplitOptions]::RemoveEmptyEntries) | Where-Object { $known -notcontains $_ })
foreach ($secret in $missing) {
    Write-Output "Still missing: the secret $secret. Put it into a file and run: az keyvault secret set --vault-name $env:KEY_VAULT_NAME --name $secret --file FILE"
}
if ($missing) { Write-Output "Without them the app does not start. After adding them, restart it: az functionapp restart --resource-group $env:AZURE_RESOURCE_GROUP --name $env:FUNCTION_APP_NAME" }
