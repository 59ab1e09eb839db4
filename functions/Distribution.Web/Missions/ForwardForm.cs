using Distribution.Common;

namespace Distribution.Web.Missions;

/// <summary>Where to forward a letter, as typed, and what is wrong with it.</summary>
/// <param name="Name">Of who forwards it.</param>
/// <param name="Address">Once it is sound: with its domain in ASCII and lower case.</param>
internal sealed record ForwardForm(
    string Name,
    string Address,
    string? NameProblem = null,
    string? AddressProblem = null)
{
    public static readonly ForwardForm Blank = new("", "");

    public bool IsSound => NameProblem is null && AddressProblem is null;

    /// <param name="domains">Those it may be forwarded to; at least one.</param>
    public static ForwardForm Check(
        string name,
        string address,
        IReadOnlyList<string> domains,
        OpenLink link,
        IReadOnlyDictionary<string, string> words)
    {
        var form = new ForwardForm(name.Trim(), address.Trim());
        var read = EmailAddresses.ReadAlone(form.Address);
        var named = form with { NameProblem = TypedText.ProblemOfName(form.Name, words, link.PageWords) };
        return read is null || !EmailAddresses.IsPlain(read)
            ? named with
            {
                AddressProblem = link.PageWords.Fill("forward_address_wrong", ("example", ForwardSentences.Example(domains))),
            }
            : domains.Contains(EmailAddresses.Domain(read)) ? named with { Address = read }
            : named with
            {
                AddressProblem = ForwardSentences.OfDomains("forward_address_elsewhere", domains, link),
            };
    }
}

/// <summary>What a form of the page sent. The sender may be a person or a program.</summary>
/// <inheritdoc cref="MissionPost"/>
internal sealed record ForwardPost(string Name, string Address, string Seal, string Hidden, bool IsBack);

/// <inheritdoc cref="SealedForm{T}"/>
internal sealed record SealedForward(string Id, DateTimeOffset At, ForwardForm? Values = null, bool IsRead = false)
    : SealedForm<ForwardForm>(Id, At, After: null, Values, IsRead);

/// <summary>Sentences of the page with domains and addresses in them, which are written from left to right.</summary>
internal static class ForwardSentences
{
    public static string OfDomains(string key, IReadOnlyList<string> domains, OpenLink link) =>
        link.PageWords.Fill(
            key,
            ("domains", string.Join(link.PageWords["comma"], domains.Select(domain => Isolated.LeftToRight(EmailAddresses.Shown(domain))))),
            ("contact", Contact(link)));

    public static string Example(IReadOnlyList<string> domains) => Isolated.LeftToRight($"name@{EmailAddresses.Readable(domains[0])}");

    public static string Contact(OpenLink link) => Isolated.LeftToRight(link.Letter.Contact.Address);
}
