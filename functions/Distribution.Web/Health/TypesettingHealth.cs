using Distribution.Letters.Typesetting;

namespace Distribution.Web.Health;

/// <summary>Whether a page of one word can be typeset.</summary>
internal sealed class TypesettingHealth(Typesetter typesetter, TimeProvider clock) : RememberedHealth(clock)
{
    public const string Part = "typesetting";

    private static readonly TypesetJob OnePage = new(
        "#set document(title: \"Health\")\n#set text(font: \"Noto Serif\")\nok",
        "health.typ",
        new Page(),
        new Dictionary<string, ReadOnlyMemory<byte>>());

    // The typesetter process may have to start first.
    protected override TimeSpan Patience => TimeSpan.FromSeconds(30);

    protected override async Task Try(CancellationToken cancellation)
    {
        if ((await typesetter.Typeset(OnePage, cancellation)).Problem is { } problem)
            throw new TypesetterException(
                $"A page could not be typeset: {problem.Words}",
                "Install the typesetter again.");
    }

    private sealed record Page : ITypesetDocument
    {
        public string Date => "2018-04-01";
    }
}
