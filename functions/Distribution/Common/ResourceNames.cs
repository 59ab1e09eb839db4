namespace Distribution.Common;

/// <summary>
/// Names shared with triggers and infrastructure (containers, queues, tables, schedules), kept in one place.
/// </summary>
public static class ResourceNames
{
    /// <summary>
    /// The setting that names the storage account: a connection string, or a section with service addresses for a
    /// managed identity. Triggers name it as their connection. Never <c>Storage</c>: the Functions host looks for a
    /// connection <c>X</c> as <c>AzureWebJobsX</c> first, and <c>AzureWebJobsStorage</c> is its own.
    /// </summary>
    public const string Storage = "DistributionStorage";

    /// <summary>What earlier versions called <see cref="Storage"/>.</summary>
    public const string EarlierStorage = "Storage";

    /// <summary>Container for uploads by people.</summary>
    public const string Drafts = "drafts";

    /// <summary>
    /// Container of the parts of files that are being uploaded at the desk. Nothing in it is examined, and what nobody
    /// finishes is deleted after a day.
    /// </summary>
    public const string Staging = "staging";

    /// <summary>
    /// Container of the files of letters that people are writing at the desk. Nothing in it is examined.
    /// </summary>
    public const string Unfinished = "unfinished";

    /// <summary>Container of the images of the desk's settings: emblems and signatures.</summary>
    public const string Settings = "settings";

    /// <summary>Container of frozen content, one folder per distribution.</summary>
    public const string Distributions = "distributions";

    /// <summary>Container of pre-flight reports.</summary>
    public const string Reports = "reports";

    /// <summary>Container of the register of missions.</summary>
    public const string Register = "register";

    /// <summary>
    /// Container of the logs of distributions: segments that wait to be sealed, the sealed hash chains, and the
    /// personal data, which is kept separately.
    /// </summary>
    public const string Log = "log";

    /// <summary>Container of inbound mail (bounces and replies), each message an <c>.eml</c> file.</summary>
    public const string Inbound = "inbound";

    /// <summary>Container of the data protection keys for the desk's forms.</summary>
    public const string Keys = "keys";

    /// <summary>Queue of batches to send.</summary>
    public const string DispatchQueue = "dispatch";

    /// <summary>Poison queue: batches that could not be processed.</summary>
    public const string DispatchPoisonQueue = "dispatch-poison";

    /// <summary>Queue of letters to typeset before they are offered for release.</summary>
    public const string PrepareQueue = "prepare";

    /// <summary>Poison queue: letters that could not be typeset.</summary>
    public const string PreparePoisonQueue = "prepare-poison";

    /// <summary>Table of distributions.</summary>
    public const string DistributionsTable = "Distributions";

    /// <summary>Table of entries, one partition per distribution.</summary>
    public const string DispatchesTable = "Dispatches";

    /// <summary>Table of what workers note while they send, one row for each group of missions being sent to.</summary>
    public const string JournalsTable = "Journals";

    /// <summary>Table of upload folders and what became of them.</summary>
    public const string UploadsTable = "Uploads";

    /// <summary>Table of acknowledgements, one partition per distribution.</summary>
    public const string AcknowledgementsTable = "Acknowledgements";

    /// <summary>Table of the steps of acknowledgements that missions are still to be told of by mail.</summary>
    public const string ReceiptsTable = "Receipts";

    /// <summary>Table of letters that missions forwarded to a colleague, one partition per distribution.</summary>
    public const string ForwardsTable = "Forwards";

    /// <summary>Table of missions' replies, and of messages that wait for a person to match them.</summary>
    public const string RepliesTable = "Replies";

    /// <summary>Table of visits to missions' links, one partition per distribution.</summary>
    public const string VisitsTable = "Visits";

    /// <summary>Table of notices to the secretariat, and of how the timer's jobs ended last.</summary>
    public const string NoticesTable = "Notices";

    /// <summary>Table of the files and codes that can be verified.</summary>
    public const string VerificationsTable = "Verifications";

    /// <summary>Table of the actions people requested at the desk, refused ones included.</summary>
    public const string DeskActsTable = "DeskActs";

    /// <summary>Table of who uploaded which file at the desk.</summary>
    public const string AuthorsTable = "Authors";

    /// <summary>Table of letters that people are writing at the desk.</summary>
    public const string UnfinishedTable = "Unfinished";

    /// <summary>
    /// Table of what is kept of each mission beside its letters: the desk's notes, what changed of it in the register,
    /// test messages to its mailboxes, and what it proposes to change.
    /// </summary>
    public const string MissionsTable = "Missions";

    /// <summary>Table of the desk's settings, such as the signatories it knows, one partition per matter.</summary>
    public const string SettingsTable = "Settings";

    /// <summary>Table of what is kept of erased distributions.</summary>
    public const string ErasuresTable = "Erasures";

    /// <summary>When the reconcile timer runs (NCRONTAB): every 30 seconds.</summary>
    public const string ReconcileSchedule = "*/30 * * * * *";
}
