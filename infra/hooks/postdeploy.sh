#!/bin/sh
# Has Azure tell the app of every file put into drafts and inbound. The app's key for that exists only once the app runs. Safe to repeat.
set -eu

fail() { echo "$1" >&2; exit 1; }

if [ -z "${FUNCTION_APP_NAME:-}" ] || [ -z "${EVENT_TOPIC_NAME:-}" ] || [ -z "${AZURE_RESOURCE_GROUP:-}" ]; then
  fail "Nothing has been created yet: run azd up."
fi

key=""
tries=0
while [ -z "$key" ] && [ "$tries" -lt "${TRIES:-20}" ]; do
  [ "$tries" -eq 0 ] || sleep "${PAUSE:-15}"
  tries=$((tries + 1))
  key=$(az functionapp keys list --resource-group "$AZURE_RESOURCE_GROUP" --name "$FUNCTION_APP_NAME" --query systemKeys.blobs_extension --output tsv 2>/dev/null) || key=""
done
[ -n "$key" ] || fail "The app has made no key for events, so it has not started: look at $FUNCTION_APP_URL/health and at its log, put right what they say, and run azd deploy again. Until then the timer finds uploads within half a minute."

subscribe() {
  # Its validation asks the app, which may be starting.
  az eventgrid system-topic event-subscription create --resource-group "$AZURE_RESOURCE_GROUP" --system-topic-name "$EVENT_TOPIC_NAME" --name "$1" \
    --endpoint "$FUNCTION_APP_URL/runtime/webhooks/blobs?functionName=Host.Functions.$2&code=$key" \
    --included-event-types Microsoft.Storage.BlobCreated --subject-begins-with "/blobServices/default/containers/$1/" --output none ||
    fail "Azure could not be told to report files put into $1: run azd deploy again. Until then the timer finds them within half a minute."
  echo "Files put into $1 are reported to the app."
}

subscribe drafts DraftUploaded
subscribe inbound InboundMailUploaded
