#!/bin/sh
# Makes the key of missions' links where there is none, tells the sign-in where it leads back to, and names the secrets still missing. Safe to repeat.
set -eu

fail() { echo "$1" >&2; exit 1; }

if [ -z "${KEY_VAULT_NAME:-}" ] || [ -z "${FUNCTION_APP_URL:-}" ] || [ -z "${ENTRA_CLIENT_ID:-}" ]; then
  fail "Nothing has been created yet: run azd provision first."
fi

has() { az keyvault secret show --vault-name "$KEY_VAULT_NAME" --name "$1" --query id --output tsv >/dev/null 2>&1; }

az keyvault secret list --vault-name "$KEY_VAULT_NAME" --query "[].name" --output tsv >/dev/null ||
  fail "The vault $KEY_VAULT_NAME cannot be read yet: roles take some minutes to hold. Run azd provision again."

if ! has link-key-0; then
  # In a file, for what stands on a command line can be read by others on this machine.
  file=$(mktemp)
  trap 'rm -f "$file"' EXIT
  printf 'k1:%s' "$(head -c 32 /dev/urandom | base64 | tr -d '\n')" >"$file"
  az keyvault secret set --vault-name "$KEY_VAULT_NAME" --name link-key-0 --file "$file" --output none || fail "The key of missions' links could not be put into $KEY_VAULT_NAME."
  echo "Made the key of missions' links."
fi

callbacks="$FUNCTION_APP_URL/.auth/login/aad/callback"
[ -z "${PUBLIC_URL:-}" ] || callbacks="$callbacks $PUBLIC_URL/.auth/login/aad/callback"
# Unquoted on purpose: one word each.
# shellcheck disable=SC2086
az ad app update --id "$ENTRA_CLIENT_ID" --web-redirect-uris $callbacks || fail "The application $ENTRA_CLIENT_ID could not be told where sign-ins lead back to."

missing=""
for secret in ${SECRET_NAMES:-}; do
  has "$secret" || missing="$missing $secret"
done
for secret in $missing; do
  echo "Still missing: the secret $secret. Put it into a file and run: az keyvault secret set --vault-name $KEY_VAULT_NAME --name $secret --file FILE"
done
[ -z "$missing" ] || echo "Without them the app does not start. After adding them, restart it: az functionapp restart --resource-group $AZURE_RESOURCE_GROUP --name $FUNCTION_APP_NAME"
