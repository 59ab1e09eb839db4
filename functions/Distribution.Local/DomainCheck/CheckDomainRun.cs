using Distribution.Local.Screen;
using Microsoft.Extensions.Configuration;
using Spectre.Console;

namespace Distribution.Local.DomainCheck;

/// <summary>Reads the DNS records of a domain that letters are sent from, and says what is missing.</summary>
internal static class CheckDomainRun
{
    /// <param name="configuration">The settings for sending letters, where they are set on this machine.</param>
    /// <param name="patience">The timeout of a DNS query; null for the usual one.</param>
    /// <returns>The exit code: 0 only where nothing is missing and nothing remained unknown.</returns>
    /// <exception cref="LocalFaultException">There is no DNS server to ask.</exception>
    public static async Task<int> Run(
        CheckDomainOptions options,
        IConfiguration configuration,
        IAnsiConsole console,
        CancellationToken cancellation,
        TimeSpan? patience = null)
    {
        var setup = SendingSetup.Of(configuration);
        var dns = new DnsAnswers(options.Dns, patience);
        IReadOnlyList<DomainFinding> findings =
        [
            .. await new SpfCheck(dns, setup).Check(setup.SpfDomain(options.Domain), cancellation),
            .. await new DkimCheck(dns, setup).Check(
                options.Selectors is [] ? setup.DkimDomain(options.Domain) : options.Domain,
                options.Selectors,
                cancellation),
            .. await new DmarcCheck(dns, setup).Check(options.Domain, cancellation),
            .. await new MailServerCheck(dns, setup).Check(options.Domain, cancellation),
        ];
        foreach (var finding in findings)
            console.Line($"{finding}");
        console.Line(Verdict(options.Domain, findings));
        return findings.Any(finding => finding.Grade is Grade.Missing or Grade.Unknown) ? ExitCodes.Faulted : 0;
    }

    private static string Verdict(string domain, IReadOnlyList<DomainFinding> findings)
    {
        var missing = findings.Count(finding => finding.Grade == Grade.Missing);
        var unknown = findings.Count(finding => finding.Grade == Grade.Unknown);
        var looks = findings.Count(finding => finding.Grade == Grade.Look);
        return missing > 0
                ? $"{domain} is not ready: {Things(missing)} missing{(unknown > 0 ? $", {Things(unknown)} not known" : "")}."
            : unknown > 0 ? $"Whether {domain} is ready could not be found out: {Things(unknown)} not known."
            : looks > 0 ? $"{domain} is ready; {Things(looks)} worth a look."
            : $"{domain} is ready: letters from it are vouched for.";
    }

    private static string Things(int count) => count == 1 ? "1 thing is" : $"{count} things are";
}
