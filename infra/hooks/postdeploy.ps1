# Has Azure tell the app of every file put into drafts and inbound. The app's key for that exists only once the app runs. Safe to repeat.
$ErrorActionPreference = 'Stop'

if (-not ($env:FUNCTION_APP_NAME -and $env:EVENT_TOPIC_NAME -and $env:AZURE_RESOURCE_GROUP)) { [Console]::Error.WriteLine('Nothing has been created yet: run azd up.'); exit 1 }

$most = if ($env:TRIES) { [int]$env:TRIES } else { 20 }
$pause = if ($env:PAUSE) { [int]$env:PAUSE } else { 15 }
$key = ''
for ($tries = 0; -not $key -and $tries -lt $most; $tries++) {
    if ($tries -gt 0) { Start-Sleep -Seconds $pause }
    $key = az functionapp keys list --resource-group $env:AZURE_RESOURCE_GROUP --name $env:FUNCTION_APP_NAME --query systemKeys.blobs_extension --output tsv 2>$null
}
if (-not $key) {
    [Console]::Error.WriteLine("The app has made no key for events, so it has not started: look at $env:FUNCTION_APP_URL/health and at its log, put right what they say, and run azd deploy again. Until then the timer finds uploads within half a minute.")
    exit 1
}

foreach ($entry in @(@('drafts', 'DraftUploaded'), @('inbound', 'InboundMailUploaded'))) {
    $container, $function = $entry
    $endpoint = "$env:FUNCTION_APP_URL/runtime/webhooks/blobs?functionName=Host.Functions.$function&code=$key"
    # There az is a command file, which would end at the sign for and.
    if ($IsWindows) { $endpoint = "`"$endpoint`"" }
    # Its validation asks the app, which may be starting.
    az eventgrid system-topic event-subscription create --resource-group $env:AZURE_RESOURCE_GROUP --system-topic-name $env:EVENT_TOPIC_NAME --name $container `
        --endpoint $endpoint `
        --included-event-types Microsoft.Storage.BlobCreated --subject-begins-with "/blobServices/default/containers/$container/" --output none
    if ($LASTEXITCODE -ne 0) {
        [Console]::Error.WriteLine("Azure could not be told to report files put into $($container): run azd deploy again. Until then the timer finds them within half a minute.")
        exit 1
    }
    Write-Output "Files put into $container are reported to the app."
}
