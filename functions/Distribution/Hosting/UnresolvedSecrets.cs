using Distribution.Common;
using Microsoft.Extensions.Configuration;

namespace Distribution.Hosting;

/// <summary>
/// Settings that hold a reference to a secret in the Key Vault instead of the secret: the platform leaves the reference
/// as it is where it could not read the secret. The service then does not work at all, so that nothing leaves half
/// configured; but it runs, and <c>/health</c> says why.
/// </summary>
/// <param name="Settings">Their names, such as <c>Links:Keys:0</c>.</param>
public sealed record UnresolvedSecrets(IReadOnlyList<string> Settings)
{
    private const string Reference = "@Microsoft.KeyVault(";

    /// <summary>A sentence that names the settings, and nothing of what they hold.</summary>
    public string Words =>
        $"The {(Settings.Count == 1 ? "setting" : "settings")} {EnglishText.Listed(Settings)} {(Settings.Count == 1 ? "refers to a secret" : "refer to secrets")} that Azure could not read from the Key Vault. See that the vault holds it and that the app's identity may read it (azd provision names what is missing), then refresh the references and restart the app, as infra/RUNBOOK.md says.";

    /// <returns>Null where there are none.</returns>
    public static UnresolvedSecrets? In(IConfiguration configuration) =>
        configuration
            .AsEnumerable()
            // A reference that was resolved is the secret itself, which never begins so.
            .Where(setting =>
                setting.Value?.TrimStart().StartsWith(Reference, StringComparison.OrdinalIgnoreCase) == true)
            .Select(setting => setting.Key)
            .Order(StringComparer.Ordinal)
            .ToList()
            is { Count: > 0 } settings
            ? new(settings)
            : null;
}
