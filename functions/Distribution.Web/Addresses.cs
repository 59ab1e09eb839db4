namespace Distribution.Web;

/// <summary>Where the desk's pages are.</summary>
internal static class Addresses
{
    public const string Front = "/";

    public static string Distribution(string id) => $"/distributions/{Uri.EscapeDataString(id)}";

    public static string Filtered(string id, MissionFilter filter) =>
        filter == MissionFilter.All ? $"{Distribution(id)}#missions" : $"{Distribution(id)}?show={filter.ToString().ToLowerInvariant()}#missions";

    public static string Letter(string id, string missionId) => $"{Distribution(id)}/letters/{Uri.EscapeDataString(missionId)}";

    public static string LetterPdf(string id, string missionId, string file) => $"{Letter(id, missionId)}/{Uri.EscapeDataString(file)}";

    public static string Enclosure(string id, string file) => $"{Distribution(id)}/enclosures/{Uri.EscapeDataString(file)}";

    public static string LetterHtml(string id, string missionId) => $"{Distribution(id)}/letters/{Uri.EscapeDataString(missionId)}/html";

    public static string Log(string id) => $"{Distribution(id)}/log.csv";

    public static string LogZip(string id) => $"{Distribution(id)}/log.zip";

    public static string Audit(string id) => $"{Distribution(id)}/audit";

    public static string AuditFile(string id) => $"{Distribution(id)}/audit.csv";

    public static string Release(string id) => $"{Distribution(id)}/release";

    public static string Resume(string id) => $"{Distribution(id)}/resume";

    public static string Withdraw(string id) => $"{Distribution(id)}/withdraw";

    public static string Resend(string id, string missionId) => $"{Letter(id, missionId)}/resend";

    public static string SendAgain(string id, string missionId) => $"{Letter(id, missionId)}/send-again";

    public static string Vouch(string id, string missionId) => $"{Letter(id, missionId)}/vouch";

    public static string Acknowledgement(string id, string missionId) => $"{Letter(id, missionId)}/acknowledgement";

    public static string WithdrawAcknowledgement(string id, string missionId) => $"{Acknowledgement(id, missionId)}/withdraw";

    public static string Proof(string id) => $"{Distribution(id)}/proof";

    public static string Seen(string noticeId) => $"/notices/{Uri.EscapeDataString(noticeId)}/seen";

    /// <summary>The folder stands in the query: it may hold anything, <c>..</c> included, and a browser would tidy a path.</summary>
    public static string Upload(UploadFolder folder) => $"/uploads?folder={Uri.EscapeDataString(folder.ToString())}";
}
