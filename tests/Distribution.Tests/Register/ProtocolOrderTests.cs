using Distribution.Register;
using Xunit;

namespace Distribution.Tests.Register;

public sealed class ProtocolOrderTests
{
    [Theory]
    [InlineData("Côte d'Ivoire", "COTE DIVOIRE")]
    [InlineData("Côte d’Ivoire", "COTE DIVOIRE")]
    [InlineData("Guinea-Bissau", "GUINEA BISSAU")]
    [InlineData("Türkiye", "TURKIYE")]
    [InlineData("Lao People's Democratic Republic", "LAO PEOPLES DEMOCRATIC REPUBLIC")]
    [InlineData("Bolivia (Plurinational State of)", "BOLIVIA PLURINATIONAL STATE OF")]
    [InlineData(" (The)  Gambia ", "THE GAMBIA")]
    public void Compares_names_without_accents_apostrophes_capitals_and_punctuation(string name, string key) =>
        Assert.Equal(key, ProtocolOrder.Key(name));
}
