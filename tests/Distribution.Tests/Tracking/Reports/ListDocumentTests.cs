using Distribution.Tracking.Reports;
using Xunit;

namespace Distribution.Tests.Tracking.Reports;

/// <summary>A long list is printed in parts, each of which is typeset in the time of one document.</summary>
public sealed class ListDocumentTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(500, 1)]
    [InlineData(501, 2)]
    [InlineData(10_000, 20)]
    public void Is_printed_in_as_many_parts_as_it_takes(int rows, int parts) =>
        Assert.Equal(parts, ListDocument.PartsOf(rows));

    [Fact]
    public void The_parts_have_every_row_once_and_say_which() =>
        Assert.Equal(
            Enumerable.Range(1, 1_250).Select(row => $"{row}"),
            Enumerable.Range(1, 3).SelectMany(part =>
            {
                var list = List(1_250).Part(part)!;
                Assert.Equal($"Tick sheet, part {part} of 3", list.Title);
                Assert.Equal(
                    $"This part has rows {(part * 500) - 499} to {Math.Min(part * 500, 1_250)} of 1250.",
                    list.Facts[^1]);
                return list.Rows.Select(row => row[0]);
            }));

    [Fact]
    public void A_short_one_is_whole()
    {
        var list = List(3);
        Assert.Same(list, list.Part(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3)]
    public void There_is_no_other_part(int part) => Assert.Null(List(750).Part(part));

    private static ListDocument List(int rows) =>
        new("Tick sheet", "2026-05-01", "GCM", ["A fact."], [new("No.", 1)], [.. Enumerable.Range(1, rows).Select(row => (IReadOnlyList<string>)[$"{row}"])], []);
}
