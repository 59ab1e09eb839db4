using Distribution.Common;
using Distribution.Intake;
using Xunit;

namespace Distribution.Tests.Intake;

/// <summary>What the one check of a letter finds in a folder.</summary>
internal static class FolderFindings
{
    /// <param name="letter">The text of <c>letter.md</c>; empty for a folder without one.</param>
    /// <param name="beside">The other files of the folder.</param>
    public static async Task<IReadOnlyList<Finding>> Of(
        TestWorkflow workflow,
        string letter,
        params (string Name, byte[] Content)[] beside)
    {
        var cancellation = TestContext.Current.CancellationToken;
        (string, byte[])[] own = letter.Length == 0 ? [] : [("letter.md", Samples.Bytes(letter))];
        var files = own.Concat(beside).ToDictionary(
            file => $"gcm/draft-rev-1/{file.Item1}",
            file => file.Item2);
        var result = await workflow.Get<LetterCheck>().Check(
            new(
                new(
                    new("gcm", "draft-rev-1"),
                    [.. files.Select(file => new DraftFile(file.Key, "1", file.Value.Length))],
                    Standing: null),
                (file, _) => Task.FromResult<ReadOnlyMemory<byte>?>(files[file.Name]),
                await workflow.Get<RegisterInUse>().Current(cancellation),
                workflow.Get<EarlierLetters>()),
            cancellation);
        return result switch
        {
            CheckResult.Sound sound => sound.Letter.Warnings,
            CheckResult.Refused refused => refused.Faults,
            CheckResult.Waits waits => [new(0, Location.In("letter.md"), $"It waits for {EnglishText.Listed(waits.Missing)}.", "")],
            _ => throw new InvalidOperationException($"The letter is neither sound nor refused: {result}."),
        };
    }
}
