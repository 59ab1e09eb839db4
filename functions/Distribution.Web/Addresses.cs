using System.Globalization;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Tracking.Reports;
using Distribution.Web.Desk;

namespace Distribution.Web;

/// <summary>The addresses (paths) of the desk's pages and forms.</summary>
internal static class Addresses
{
    public const string Front = DeskPages.Front;

    public static string Distribution(string id) => DeskPages.Distribution(id);

    /// <param name="page">The page of the list of letters, from 1.</param>
    public static string Letters(int page) =>
        page == 1 ? Front : string.Create(CultureInfo.InvariantCulture, $"{Front}?page={page}");

    public static string Filtered(string id, MissionFilter filter) => Missions(id, new(filter));

    /// <summary>A letter's page, at its list of missions as the query asks for it.</summary>
    public static string Missions(string id, MissionQuery query) => $"{Asked(id, query)}#missions";

    /// <summary>A letter's page, at its tiles.</summary>
    public static string Tiles(string id, MissionQuery query) => $"{Asked(id, query)}#tiles";

    /// <summary>A letter's page with a query, from its beginning.</summary>
    public static string Asked(string id, MissionQuery query) =>
        string.Join(
            '&',
            query.Parameters.Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value)}"))
            is { Length: > 0 } parameters
            ? $"{Distribution(id)}?{parameters}"
            : Distribution(id);

    public static string Letter(string id, string missionId) =>
        $"{Distribution(id)}/letters/{Uri.EscapeDataString(missionId)}";

    public static string LetterPdf(string id, string missionId, string file) =>
        $"{Letter(id, missionId)}/{Uri.EscapeDataString(file)}";

    public static string Enclosure(string id, string file) =>
        $"{Distribution(id)}/enclosures/{Uri.EscapeDataString(file)}";

    public static string LetterHtml(string id, string missionId) =>
        $"{Distribution(id)}/letters/{Uri.EscapeDataString(missionId)}/html";

    public static string Log(string id) => $"{Distribution(id)}/log.csv";

    public static string LogZip(string id) => $"{Distribution(id)}/log.zip";

    public static string Audit(string id) => $"{Distribution(id)}/audit";

    public static string AuditFile(string id) => $"{Distribution(id)}/audit.csv";

    /// <param name="before">The time the report is about; null for none.</param>
    public static string Served(string id, DateTimeOffset? before = null) =>
        $"{Distribution(id)}/served{Asking(before)}";

    public static string ServedFile(string id, DateTimeOffset? before) =>
        $"{Distribution(id)}/served.csv{Asking(before)}";

    public static string Unreachable(string id) => $"{Distribution(id)}/unreachable";

    public static string UnreachablePdf(string id) => $"{Distribution(id)}/unreachable.pdf";

    /// <summary>The sheet for nine o'clock, of one letter.</summary>
    public static string LetterBriefing(string id) => $"{Distribution(id)}/nine-oclock";

    /// <summary>The same of all letters.</summary>
    /// <param name="process">Of those of one process alone; null for all.</param>
    public static string Briefing(string? process = null) =>
        $"/nine-oclock{(process is null ? "" : $"?process={Uri.EscapeDataString(process)}")}";

    public static string TickSheet(string id, string kind) => $"{Distribution(id)}/tick-sheet.{kind}";

    /// <param name="part">Of a list that is printed in several, from 1.</param>
    public static string Part(string address, int part) => $"{address}?part={part}";

    public static string Acknowledgements(string id) => $"{Distribution(id)}/acknowledgements.csv";

    public static string Archive(string id) => $"{Distribution(id)}/archive.zip";

    public static string Release(string id) => $"{Distribution(id)}/release";

    public static string WithdrawApproval(string id) => $"{Distribution(id)}/take-approval-back";

    public static string Renew(string id) => $"{Distribution(id)}/renew";

    public static string Discard(string id) => $"{Distribution(id)}/discard";

    public static string HoldBack(string id) => $"{Distribution(id)}/hold-back";

    public static string Remind(string id) => $"{Distribution(id)}/remind";

    public static string StopReminders(string id) => $"{Distribution(id)}/stop-reminders";

    public static string Addenda(string id) => $"{Distribution(id)}/addenda";

    public static string ResendUnreached(string id) => $"{Distribution(id)}/resend-unreached";

    public static string SendNeverSent(string id) => $"{Distribution(id)}/send-never-sent";

    public static string Resume(string id) => $"{Distribution(id)}/resume";

    public static string Withdraw(string id) => $"{Distribution(id)}/withdraw";

    public static string Resend(string id, string missionId) => $"{Letter(id, missionId)}/resend";

    public static string SendAgain(string id, string missionId) => $"{Letter(id, missionId)}/send-again";

    public static string Vouch(string id, string missionId) => $"{Letter(id, missionId)}/vouch";

    public static string Acknowledgement(string id, string missionId) => $"{Letter(id, missionId)}/acknowledgement";

    public static string RecordCall(string id, string missionId) => $"{Letter(id, missionId)}/call";

    /// <summary>A mission's letter, at the form for a telephone call.</summary>
    public static string Call(string id, string missionId) => $"{Letter(id, missionId)}#call-by";

    public static string WithdrawAcknowledgement(string id, string missionId) =>
        $"{Acknowledgement(id, missionId)}/withdraw";

    public static string Proof(string id) => $"{Distribution(id)}/proof";

    public const string Erased = "/erased";

    /// <param name="distributionId">Only acts about this letter; null for all acts.</param>
    public static string Acts(string? distributionId = null) => $"/acts{About(distributionId)}";

    public static string ActsFile(string? distributionId) => $"/acts.csv{About(distributionId)}";

    public static string Erase(string id) => $"{Distribution(id)}/erase";

    public static string EraseNames(string id, string missionId) => $"{Letter(id, missionId)}/erase-names";

    public const string Replies = "/replies";

    public const string ReplyPile = $"{Replies}/pile";

    /// <param name="key">After which key the page begins.</param>
    public static string RepliesAfter(string key, string search) =>
        $"{Replies}?after={Uri.EscapeDataString(key)}{(search.Length > 0 ? $"&q={Uri.EscapeDataString(search)}" : "")}";

    public static string Reply(string replyId) => $"{Replies}/{replyId}";

    public static string MatchReply(string replyId) => $"{Reply(replyId)}/match";

    public static string SetReplyAside(string replyId) => $"{Reply(replyId)}/set-aside";

    public static string TakeReplyBack(string replyId) => $"{Reply(replyId)}/take-back";

    public static string ReplyMessage(string replyId) => $"{Reply(replyId)}/message.eml";

    public static string ReplyFile(string replyId, int place) =>
        string.Create(CultureInfo.InvariantCulture, $"{Reply(replyId)}/files/{place}");

    public static string Seen(string noticeId) => $"/notices/{Uri.EscapeDataString(noticeId)}/seen";

    /// <summary>The missions of the register.</summary>
    public const string MissionList = "/missions";

    public static string MissionListLike(RegisterQuery query)
    {
        (string Name, string? Value)[] parts =
        [
            ("q", query.Search),
            ("kind", query.Kind?.ToString()),
            ("language", query.Language),
            ("group", query.Group),
            ("troubled", query.Troubled ? "yes" : null),
            ("page", query.Page > 1 ? query.Page.ToString(CultureInfo.InvariantCulture) : null),
        ];
        return $"{MissionList}?{string.Join('&', parts.Where(part => !string.IsNullOrEmpty(part.Value)).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"))}";
    }

    /// <param name="before">How many of its latest letters to leave out.</param>
    public static string Mission(string missionId, int before = 0) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{MissionList}/{Uri.EscapeDataString(missionId)}{(before > 0 ? $"?before={before}" : "")}");

    public static string MissionEdit(string missionId) => $"{Mission(missionId)}/edit";

    public static string MissionNotes(string missionId) => $"{Mission(missionId)}/notes";

    public static string EraseMissionNote(string missionId, string noteId) =>
        $"{MissionNotes(missionId)}/{noteId}/erase";

    public static string TestMessage(string missionId) => $"{Mission(missionId)}/test";

    /// <summary>What missions propose to change of what the register has of them.</summary>
    public const string Proposals = DeskPages.Proposals;

    public static string AcceptProposal(string missionId, string proposalId) =>
        $"{Proposal(missionId, proposalId)}/accept";

    public static string DeclineProposal(string missionId, string proposalId) =>
        $"{Proposal(missionId, proposalId)}/decline";

    private static string Proposal(string missionId, string proposalId) =>
        $"{Proposals}/{Uri.EscapeDataString(missionId)}/{proposalId}";

    /// <summary>The search in every page's head.</summary>
    public const string Search = "/search";

    /// <summary>Where a letter is begun at the desk.</summary>
    public const string NewLetter = "/letters/new";

    /// <summary>Where a correction of a letter is begun.</summary>
    public static string Correct(string id) => $"{NewLetter}?corrects={Uri.EscapeDataString(id)}";

    /// <summary>Where a letter is begun with the text of another one.</summary>
    public static string Like(string id) => $"{NewLetter}?like={Uri.EscapeDataString(id)}";

    /// <summary>A letter in the making.</summary>
    public static string Unfinished(string id) => $"{NewLetter}/{id}";

    public static string KeepUnfinished(string id) => $"{Unfinished(id)}/keep";

    public static string DiscardUnfinished(string id) => $"{Unfinished(id)}/discard";

    public static string UnfinishedFolder(string id) => $"{Unfinished(id)}/folder.zip";

    public static string UnfinishedFindings(string id) => $"{Unfinished(id)}/findings";

    public static string UnfinishedPage(string id) => $"{Unfinished(id)}/page-1.pdf";

    /// <summary>What a secretariat keeps for its letters.</summary>
    public const string Settings = "/settings";

    public static string SettingsOf(string matter) => $"{Settings}/{matter}";

    /// <param name="id">Of an entry; <see cref="NewSetting"/> for one that is to be added.</param>
    public static string Setting(string matter, string id) => $"{Settings}/{matter}/{Uri.EscapeDataString(id)}";

    public const string NewSetting = "new";

    public static string TakeOutSetting(string matter, string id) => $"{Setting(matter, id)}/take-out";

    /// <summary>The fixed words of letters, which native readers confirm.</summary>
    public const string Words = $"{Settings}/words";

    public static string WordsOf(string template, string language) => $"{Words}/{template}/{language}";

    public static string TakeBackWords(string template, string language) => $"{WordsOf(template, language)}/take-back";

    /// <summary>The kinds of letter, with what their templates print.</summary>
    public const string Kinds = $"{Settings}/kinds";

    public static string KindPage(string template, string form, string address) =>
        $"{Kinds}/{template}/{form}/{address}/page-1.pdf";

    /// <summary>Phrases as the editor of a letter takes them in, each by its <c>{id}</c>.</summary>
    public const string PhraseDocuments = $"{Settings}/phrases/{{id}}/document";

    public static string SettingImage(string sha256) => $"{Settings}/images/{sha256}";

    public const string UploadForm = "/upload";

    /// <summary>The form with a folder's process and revision filled in.</summary>
    public static string UploadInto(UploadFolder folder) =>
        $"{UploadForm}?process={Uri.EscapeDataString(folder.Process)}&revision={Uri.EscapeDataString(folder.IsStanding ? BlobNames.StandingFolder : folder.Revision)}";

    /// <summary>Where the script of a form sends files in parts.</summary>
    public const string Parts = "/upload/parts";

    public const string Register = DeskPages.Register;

    /// <summary>The register in use.</summary>
    public const string RegisterFile = $"{Register}.csv";

    /// <summary>The same as an Excel workbook.</summary>
    public const string RegisterWorkbook = $"{Register}.xlsx";

    /// <summary>What the register that waits would change.</summary>
    public const string RegisterDifference = $"{Register}/difference.csv";

    public const string ConfirmRegister = $"{Register}/confirm";

    public const string DeclineRegister = $"{Register}/decline";

    /// <summary>
    /// The folder is in the query and not in the path: its name may be anything, <c>..</c> included, and a browser
    /// would normalize a path.
    /// </summary>
    /// <param name="files">
    /// The fingerprint of the files a person has just uploaded and waits for; null to show the folder as it is.
    /// </param>
    public static string Upload(UploadFolder folder, string? files = null) =>
        $"/uploads?folder={Uri.EscapeDataString(folder.ToString())}{(files is null ? "" : $"&files={Uri.EscapeDataString(files)}")}";

    public const string DiscardUpload = "/uploads/discard";

    /// <summary>Where a person chooses the language of the desk.</summary>
    /// <param name="back">The address that is shown next.</param>
    public static string Language(string code, string back) =>
        $"/language?of={code}&back={Uri.EscapeDataString(back)}";

    /// <summary>Whether an address that came with a request leads to a page of this site and to no other.</summary>
    public static bool IsOurs(string? address) =>
        // Browsers take //host and /\host for another site, and leave tabs and line breaks out before they look.
        address is ['/', ..] and not ['/', '/' or '\\', ..] && !address.Any(char.IsControl);

    /// <summary>The query parameter that names the act after which a page is shown.</summary>
    public const string Act = "act";

    /// <summary>A page as it is shown after an act: it says what came of it.</summary>
    public static string After(string actId, string page) => $"{page}{(page.Contains('?') ? '&' : '?')}{Act}={actId}";

    /// <summary>
    /// The path of one of these addresses, as a request for it has it: decoded, and without the query.
    /// </summary>
    public static string Path(string address) => Uri.UnescapeDataString(address.Split('?', '#')[0]);

    private static string About(string? distributionId) =>
        distributionId is null ? "" : $"?distribution={Uri.EscapeDataString(distributionId)}";

    private static string Asking(DateTimeOffset? before) =>
        before is { } instant ? $"?by={Uri.EscapeDataString(NewYorkWallClock.Of(instant))}" : "";
}
