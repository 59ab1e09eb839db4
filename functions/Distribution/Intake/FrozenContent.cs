namespace Distribution;

/// <summary>Everything a distribution's letters are made of, as it was when the upload was accepted. Nothing else is read to send them.</summary>
internal sealed record FrozenContent(
    LetterSource Letter,
    IReadOnlyList<Enclosure> Enclosures,
    TemplateSet Templates,
    IReadOnlyList<Mission> Roster);
