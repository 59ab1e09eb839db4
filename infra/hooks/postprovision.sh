#!/bin/sh
# Makes the key of missions' links where there is none and has the app read it, tells the sign-in where it leads back to, and names the secrets still
# missing. Safe to repeat.
set -eu

fail() { echo "$1" >&2; exit 1; }

if [ -z "${KEY_VAULT_NAME:-}" ] || [ -z "${FUNCTION_APP_NAME:-}" ] || [ -z "${FUNCTION_APP_URL:-}" ] || [ -z "${ENTRA_CLIENT_ID:-}" ]; then
  fail "Nothing has been created yet: run azd provision first."
fi

app="/subscriptions/${AZURE_SUBSCRIPTION_ID:-}/resourceGroups/${AZURE_RESOURCE_GROUP:-}/providers/Microsoft.Web/sites/$FUNCTION_APP_NAME"
url="https://management.azure.com$app/config/configreferences/appsettings/refresh?api-version=2022-03-01"
# As it is printed: without quotes some shells take the question mark for a pattern.
refresh="az rest --method post --url '$url'"
restart="az functionapp restart --resource-group ${AZURE_RESOURCE_GROUP:-} --name $FUNCTION_APP_NAME"

callbacks="$FUNCTION_APP_URL/.auth/login/aad/callback"
[ -z "${PUBLIC_URL:-}" ] || callbacks="$callbacks $PUBLIC_URL/.auth/login/aad/callback"
# Unquoted on purpose: one word each.
# shellcheck disable=SC2086
az ad app update --id "$ENTRA_CLIENT_ID" --web-redirect-uris $callbacks || fail "The application $ENTRA_CLIENT_ID could not be told where sign-ins lead back to."

if [ "${PRIVATE_NETWORK:-}" = true ] && [ -z "${REACHABLE_FROM:-}" ]; then
  echo "The vault $KEY_VAULT_NAME is closed to this machine, so its secrets were not looked at. To make or change one: azd env set REACHABLE_FROM ADDRESS, with the public address of this machine, and azd provision; then azd env set REACHABLE_FROM \"\", and azd provision again."
  exit 0
fi

has() { az keyvault secret show --vault-name "$KEY_VAULT_NAME" --name "$1" --query id --output tsv >/dev/null 2>&1; }

# Who deploys has just been allowed in, by role and by address, and both take some minutes to hold.
tries=0
until az keyvault secret list --vault-name "$KEY_VAULT_NAME" --query "[].name" --output tsv >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt "${TRIES:-20}" ] ||
    fail "The vault $KEY_VAULT_NAME cannot be read. Roles and addresses take some minutes to hold: run azd provision again. If that does not help, see that REACHABLE_FROM is the address of this machine."
  sleep "${PAUSE:-15}"
done

if ! has link-key-0; then
  # In a file, for what stands on a command line can be read by others on this machine.
  file=$(mktemp)
  trap 'rm -f "$file"' EXIT
  printf 'k1:%s' "$(head -c 32 /dev/urandom | base64 | tr -d '\n')" >"$file"
  az keyvault secret set --vault-name "$KEY_VAULT_NAME" --name link-key-0 --file "$file" --output none || fail "The key of missions' links could not be put into $KEY_VAULT_NAME."
  echo "Made the key of missions' links."
  # Azure looked for it when it made the app, found none, and would look again only in a day.
  az rest --method post --url "$url" --output none || fail "The app could not be told to read the key of missions' links: run $refresh, then $restart."
fi

missing=""
for secret in ${SECRET_NAMES:-}; do
  has "$secret" || missing="$missing $secret"
done
for secret in $missing; do
  echo "Still missing: the secret $secret. Put it into a file and run: az keyvault secret set --vault-name $KEY_VAULT_NAME --name $secret --file FILE --output none"
done
[ -z "$missing" ] || echo "Without them the app does not work, and its address /health says so. After adding them, have them read: $refresh && $restart"
