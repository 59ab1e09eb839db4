using Distribution.Mail;

namespace Distribution.Local;

/// <summary>The checked options of a run.</summary>
/// <param name="Once">Carry one distribution through, print the summary, exit.</param>
/// <param name="NoSample">Start without uploading the sample.</param>
/// <param name="Data">Full path of the folder kept between runs; created when needed.</param>
/// <param name="Drafts">Full path of a folder with <c>letter.md</c> to upload instead of the sample.</param>
/// <param name="Register">Full path of a register to use instead of the one that comes with the program.</param>
/// <param name="Templates">
/// Full path of a templates folder to use instead of the one that comes with the program.
/// </param>
/// <param name="Mail">
/// As <see cref="MailSettings.Transport"/> takes it, with a full path for a pickup folder; null for the test post
/// office.
/// </param>
/// <param name="Storage">A connection string; null for the storage emulator. May contain a secret.</param>
/// <param name="Url">Where the pages are served, on loopback; port 0 means any free one.</param>
internal sealed record LocalOptions(
    bool Once,
    bool NoSample,
    string Data,
    string? Drafts,
    string? Register,
    string? Templates,
    string? Mail,
    string? Storage,
    Uri Url)
{
    /// <summary>
    /// Who is played at the desk, each at an address of their own from <see cref="Url"/> on; empty for the user of this
    /// machine alone.
    /// </summary>
    public IReadOnlyList<LocalPerson> People { get; init; } = [];

    /// <summary>Whether the sample is to be uploaded.</summary>
    public bool Sample => !NoSample && Drafts is null;
}
