using Distribution.Common;

namespace Distribution.Web;

/// <summary>A page of a few plain sentences.</summary>
internal sealed record Message(Phrase Heading, IReadOnlyList<Phrase> Paragraphs)
{
    /// <summary>Sentences before the paragraphs that are in English for every reader, as findings are.</summary>
    public IReadOnlyList<string> English { get; init; } = [];

    /// <summary>Whether whoever reads it is to sign in.</summary>
    public bool LeadsToSignIn { get; init; }

    /// <summary>Whether whoever reads it is to check the address, or to begin again.</summary>
    public bool LeadsToFront { get; init; }
}
