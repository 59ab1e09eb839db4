using Distribution.Common;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>
/// What the scripts of the form of a letter say, <c>letter.js</c> and the editor, as attributes of its row of saving.
/// In numbered braces stands what the script puts in.
/// </summary>
internal static class LetterScriptWords
{
    public static IReadOnlyDictionary<string, object> Said => new Dictionary<string, object>
    {
        ["data-say-changed"] = Say($"Not saved yet …").ToString(),
        ["data-say-saved"] = Say($"Saved").ToString(),
        ["data-say-saved-at"] = Say($"Saved on {Hole(0)}").ToString(),
        ["data-say-not-saved"] = Say($"Not saved").ToString(),
        ["data-say-saved-by"] =
            Say($"{Hole(0)} saved this letter on {Hole(1)}, after you opened it. Press “Save” to see both: nothing that you typed is lost.").ToString(),
        ["data-say-too-long"] = TypedLetterForm.TooLong.ToString(),
        ["data-say-gone"] =
            Say($"This letter is not in the making any more: somebody has discarded it, or put it into its folder. Copy what you need from here.").ToString(),
        ["data-say-old"] =
            Say($"This page has been open for long and saves nothing by itself any more. Press “Save”.").ToString(),
        ["data-say-signed-out"] =
            Say($"What you type is not saved, because you are not signed in any more or the service does not answer. Sign in again in another tab, then go on here: nothing that you typed is lost while this page is open.").ToString(),
        ["data-say-lost"] =
            Say($"The connection was lost. It is tried again by itself: leave this page open.").ToString(),
        ["data-say-back"] = Say($"What you typed last was not saved. It stands here again.").ToString(),
        ["data-say-bold"] = Say($"Bold").ToString(),
        ["data-say-italics"] = Say($"Italics").ToString(),
        ["data-say-list"] = Say($"List of items").ToString(),
        ["data-say-no-list"] = Say($"No list").ToString(),
        ["data-say-further"] = Say($"Further in (Ctrl+])").ToString(),
        ["data-say-back-out"] = Say($"Further out (Ctrl+[)").ToString(),
        ["data-say-loose"] = Say($"Space between items").ToString(),
        ["data-say-quotation"] = Say($"Quotation").ToString(),
        ["data-say-heading"] = Say($"Heading").ToString(),
        ["data-say-line"] = Say($"Line across").ToString(),
        ["data-say-table"] = Say($"Table").ToString(),
        ["data-say-add-row"] = Say($"Row below").ToString(),
        ["data-say-add-column"] = Say($"Column after").ToString(),
        ["data-say-delete-row"] = Say($"Delete the row").ToString(),
        ["data-say-delete-column"] = Say($"Delete the column").ToString(),
        ["data-say-delete-table"] = Say($"Delete the table").ToString(),
        ["data-say-field"] = Say($"Field").ToString(),
        ["data-say-fields"] = Say($"Fields").ToString(),
        ["data-say-field-meaning"] = Say($"Field, which the letter fills in").ToString(),
        ["data-say-link"] = Say($"Link").ToString(),
        ["data-say-link-meaning"] = Say($"Link to an address (Ctrl+K)").ToString(),
        ["data-say-address"] = Say($"Address of a page or a mailbox").ToString(),
        ["data-say-no-address"] =
            Say($"Type an address such as https://www.un.org or name@mission.example.").ToString(),
        ["data-say-set-link"] = Say($"Put the link in").ToString(),
        ["data-say-unlink"] = Say($"Take the link out").ToString(),
        ["data-say-undo"] = Say($"Undo").ToString(),
        ["data-say-redo"] = Say($"Redo").ToString(),
    };

    /// <summary>A value that the script puts in.</summary>
    private static Phrase Hole(int place) => Plain($"{{{place}}}");
}
