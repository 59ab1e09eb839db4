#!/bin/sh
# Makes, once, the application that people of the secretariat sign in with, and gives it the three roles. Safe to repeat.
set -eu
cd "$(dirname "$0")"

fail() { echo "$1" >&2; exit 1; }

[ -n "${AZURE_ENV_NAME:-}" ] || fail "AZURE_ENV_NAME is not set: run this as part of azd up."
for name in MAIL_FROM MAIL_RETURN_PATH ALERTS_TO; do
  eval "value=\${$name:-}"
  [ -n "$value" ] || fail "$name is not set: run azd env set $name VALUE; README.md says what it is for."
done

case "${PUBLIC_URL:-}" in
  */) fail "PUBLIC_URL ends with a slash: run azd env set PUBLIC_URL ${PUBLIC_URL%"${PUBLIC_URL##*[!/]}"} without it." ;;
esac

# The one part that is named in no template, so that nobody registers it by itself: it owns the app's subnet.
if [ "${PRIVATE_NETWORK:-}" = true ]; then
  az provider register --namespace Microsoft.App --wait || fail "Microsoft.App could not be registered in the subscription: ask its owner for az provider register --namespace Microsoft.App."
fi

title="Distribution ($AZURE_ENV_NAME)"
client=${ENTRA_CLIENT_ID:-}
if [ -z "$client" ]; then
  client=$(az ad app list --display-name "$title" --query "[0].appId" --output tsv) || fail "The directory could not be asked: run az login, as somebody who may register applications."
fi
if [ -z "$client" ]; then
  client=$(az ad app create --display-name "$title" --sign-in-audience AzureADMyOrg --enable-id-token-issuance true --query appId --output tsv) ||
    fail "The application $title could not be registered: ask for the role Application Developer, or for somebody who has it."
fi
az ad app update --id "$client" --app-roles @app-roles.json || fail "The roles of $title could not be set: only its owner may."
if [ -z "$(az ad sp list --filter "appId eq '$client'" --query "[0].id" --output tsv)" ]; then
  az ad sp create --id "$client" >/dev/null || fail "The application $title could not be entered in the directory."
fi
# Who has no role is not even let in.
az ad sp update --id "$client" --set appRoleAssignmentRequired=true || fail "It could not be set that only people with a role sign in to $title."
azd env set ENTRA_CLIENT_ID "$client"
echo "People sign in with the application $title ($client)."
