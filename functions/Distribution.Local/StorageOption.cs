using System.Text.RegularExpressions;
using Distribution.Common;

namespace Distribution.Local;

/// <summary>
/// What <c>--storage</c> takes: a connection string, or the name of a storage account in Azure, which is then reached
/// as whoever is signed in there (<c>az login</c>). The service's own account takes no keys, and so no connection
/// string.
/// </summary>
internal static partial class StorageOption
{
    /// <returns>What is wrong with a value and what to give instead; null where nothing is.</returns>
    public static string? Fault(string value) =>
        // The name of an account has letters and digits alone, and no connection string is without a sign of equality.
        value.Contains('=') || AccountName().IsMatch(value)
            ? null
            : "--storage takes the name of a storage account, such as stletters, or a connection string, such as UseDevelopmentStorage=true.";

    /// <summary>The settings of the service that a value stands for.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Settings(string value) =>
        value.Contains('=')
            ? [new(ResourceNames.Storage, value)]
            :
            [
                // What the environment has of the same setting would win, or sign in as somebody else.
                new(ResourceNames.Storage, null),
                new($"{ResourceNames.Storage}:clientId", null),
                .. ((string[])["blob", "queue", "table"]).Select(service => new KeyValuePair<string, string?>(
                    $"{ResourceNames.Storage}:{service}ServiceUri",
                    $"https://{value}.{service}.core.windows.net/")),
            ];

    /// <summary>What to do where the account does not answer, or refuses.</summary>
    /// <param name="value">Null for the emulator.</param>
    public static string Remedy(string? value) =>
        value?.Contains('=') != false
            ? "Check the connection string given with --storage."
            : "Check the name given with --storage. You reach that account as whoever az login has signed in, unless this machine has an identity of its own in Azure or AZURE_CLIENT_ID names one; with the roles that infra/RUNBOOK.md names under “Commands that reach the storage account”.";

    [GeneratedRegex("^[a-z0-9]{3,24}$")]
    private static partial Regex AccountName();
}
