using Distribution.Common;
using Distribution.Letters;

namespace Distribution.Mail;

/// <summary>Finds, before anything is sent, what the transport would refuse or must never be given.</summary>
internal sealed class MailPreflight(MailSettings mail, SiteSettings site, IMailTransport transport) : IPreflightCheck
{
    /// <summary>
    /// Estimated bytes for the text of the email, and for each of a mission's letters as a PDF: both do not exist yet.
    /// </summary>
    private const long LetterAllowance = 200_000;
    private const long Heavy = 7_000_000;
    private const int Named = 3;

    public IEnumerable<Finding> Check(Preflight preflight)
    {
        var linked = TooLarge(preflight, transport.MaxMessageBytes);
        var carried = preflight.Files.Where(file => !linked.Contains(file.Name)).ToList();
        return
        [
            .. linked is [] ? [] : (Finding[])[MailFaults.EnclosuresLinked(linked, transport.MaxMessageBytes)],
            .. Size(preflight, carried),
            .. GarbledNames(carried),
            .. Headers(preflight),
            // Where mail stays on the machine, the service is being tried out, and placeholders are expected.
            .. transport.LeavesTheMachine ? Placeholders(preflight) : [],
        ];
    }

    /// <summary>
    /// The names of the enclosures that a letter links because one mail cannot carry them, where its page hands them
    /// out: the largest ones, as few as need be, and never a signed scan, which is the letter itself.
    /// </summary>
    /// <param name="most">What the transport takes, in bytes.</param>
    public static IReadOnlyList<string> TooLarge(Preflight preflight, long most)
    {
        // A template of one's own that does not print what is linked would lose it.
        if (!preflight.Letter.OffersDocuments
            || preflight.Templates?.Files is not { } template
            || !((string[])[TemplateFiles.Html, TemplateFiles.Text]).All(file =>
                template.GetValueOrDefault(file, "").Contains("linked", StringComparison.Ordinal)))
            return [];
        var scan = preflight.Letter.Enclosures.FirstOrDefault(entry => entry.Role == EnclosureRole.Letter)?.File;
        var carried = preflight.Files.ToList();
        foreach (var file in preflight.Files
            .Where(file => file.Name != scan)
            .OrderByDescending(file => file.Content.Length))
        {
            if (Transmitted(preflight, carried) <= most)
                break;
            carried.Remove(file);
        }

        return [.. preflight.Files.Except(carried).Select(file => file.Name)];
    }

    private static long Transmitted(Preflight preflight, IReadOnlyList<UploadedFile> files)
    {
        var letters = 1 + preflight.Translations.Count;
        var images = (preflight.Images ?? []).Sum(image => EncodedEnclosure.EncodedLength(image.Content.Length));
        return files.Sum(file => EncodedEnclosure.EncodedLength(file.Content.Length))
            + LetterAllowance
            + letters * (LetterAllowance + images);
    }

    private IEnumerable<Finding> Size(Preflight preflight, IReadOnlyList<UploadedFile> files)
    {
        var transmitted = Transmitted(preflight, files);
        if (transmitted > transport.MaxMessageBytes)
            yield return MailFaults.MessageTooLarge(transmitted, transport.MaxMessageBytes);
        else if (files.Sum(file => (long)file.Content.Length) is >= Heavy and var raw)
            yield return MailFaults.MessageHeavy(raw);
    }

    private IEnumerable<Finding> GarbledNames(IReadOnlyList<UploadedFile> files)
    {
        var garbled = files.Select(file => file.Name).Where(name => !PlainName.IsPossible(name)).ToList();
        if (garbled is not [] && !transport.CarriesEveryName)
            yield return MailFaults.FileNamesGarbled(garbled);
    }

    private static IEnumerable<Finding> Headers(Preflight preflight)
    {
        var letter = preflight.Letter;
        if (IsUnprintable(letter.Subject))
            yield return MailFaults.ControlCharacters(Location.In(letter.File, field: "subject"), "The subject");
        foreach (var file in preflight.Files.Where(file => IsUnprintable(file.Name)))
            yield return MailFaults.ControlCharacters(
                Location.In(letter.File, field: "enclosures"),
                $"The file name “{SingleLine.Of(file.Name)}”");
        foreach (
            var fault in Correspondents(letter)
                .SelectMany(entry => Names(entry.Place, entry.Person.Name, [entry.Person.Address])))
            yield return fault;
        foreach (
            var fault in preflight.Roster.SelectMany(mission =>
                Names(
                    Location.InWords($"The register of missions, {SingleLine.Of(mission.Name)}"),
                    mission.Title,
                    mission.Mailboxes.Select(mailbox => mailbox.Address))))
            yield return fault;
    }

    private static IEnumerable<Finding> Names(Location place, string? name, IEnumerable<string> addresses)
    {
        if (name is not null && IsUnprintable(name))
            yield return MailFaults.ControlCharacters(place, "The name");
        foreach (var address in addresses)
            if (IsUnprintable(address))
                yield return MailFaults.ControlCharacters(place, $"The address “{SingleLine.Of(address)}”");
            else if (EmailAddresses.ReadAlone(address) is null)
                yield return MailFaults.NotAnAddress(place, address);
    }

    private IEnumerable<Finding> Placeholders(Preflight preflight)
    {
        var reserved = preflight
            .Roster.SelectMany(mission => mission.Mailboxes)
            .Select(mailbox => mailbox.Address)
            .Where(EmailAddresses.IsReserved)
            .ToList();
        if (reserved.Count > 0)
            yield return MailFaults.ReservedMailboxes(reserved.Count, [.. reserved.Take(Named).Select(SingleLine.Of)]);

        var own = new[]
        {
            (Place: Location.Setting("Mail:From"), Address: mail.Sender?.Address),
            (Place: Location.Setting("Mail:ReturnPath"), Address: mail.ReturnPath),
        }.Concat(
            Correspondents(preflight.Letter)
                .Select(entry => (entry.Place, (string?)entry.Person.Address)));
        foreach (var (place, address) in own)
            if (address is not null && EmailAddresses.IsReserved(address))
                yield return MailFaults.ReservedAddress(place, address);

        if (Uri.TryCreate(site.PublicUrl, UriKind.Absolute, out var url) && LoopbackNames.IsLoopback(url.Host))
            yield return MailFaults.LoopbackPublicUrl(site.PublicUrl);
    }

    private static IEnumerable<(Location Place, Correspondent Person)> Correspondents(LetterSource letter) =>
        [
            (Location.In(letter.File, field: "contact"), letter.Contact),
            .. letter.Proof.Select(person => (Location.In(letter.File, field: "proof"), person)),
        ];

    private static bool IsUnprintable(string text) => UnsafeCharacters.FirstUnprintable(text) is not null;
}
