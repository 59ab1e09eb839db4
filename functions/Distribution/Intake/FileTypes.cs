using System.Collections.Frozen;

namespace Distribution.Intake;

/// <summary>How mail servers treat a file's type, by its file name extension.</summary>
internal static class FileTypes
{
    /// <summary>Types that missions can open and mail servers accept.</summary>
    public static readonly FrozenSet<string> Usual = Set(
        "pdf docx xlsx pptx doc xls ppt odt ods odp rtf txt csv jpg jpeg png gif tif tiff ics");

    /// <summary>File types that Gmail or Outlook block, and Office files with macros.</summary>
    public static readonly FrozenSet<string> Blocked = Set("""
        ade adp apk app appcontent-ms application appref-ms appx appxbundle asp aspx asx bas bat bgi cab cdxml cer chm cmd cnt com cpl crt csh
        der diagcab diagcfg diagpkg dll dmg ex ex_ exe fxp gadget grp hlp hpj hta htc img inf ins iso isp its jar jnlp js jse ksh lib library-ms lnk
        mad maf mag mam maq mar mas mat mau mav maw mcf mda mdb mde mdt mdw mdz mjs mmc msc msh msh1 msh1xml msh2 msh2xml mshxml msi msix msixbundle
        msp mst msu nsh ops osd pcd pif pl plg prf prg printerexport ps1 ps1xml ps2 ps2xml psc1 psc2 psd1 psdm1 pst py pyc pyo pyw pyz pyzw reg scf scr
        sct search-ms settingcontent-ms shb shs sys theme tmp udl url vb vbe vbp vbs vhd vhdx vsmacros vsw vxd webpnp website ws wsb wsc wsf wsh xbap xll xnk
        docm dotm xlsm xltm xlam pptm potm ppam ppsm sldm
        """);

    /// <summary>Executables: refused anywhere in a name, also before another ending (draft.exe.pdf).</summary>
    public static readonly FrozenSet<string> Programs = Set(
        "exe scr js jse vbs vbe bat cmd com pif jar ps1 msi hta lnk dll");

    /// <summary>Signposts to a document that lies elsewhere, which is all that they hold.</summary>
    public static readonly FrozenSet<string> Shortcuts = Set("gdoc gsheet gslides gdraw webloc icloud alias desktop");

    /// <summary>Word, Excel and PowerPoint files of before 2007, which are no archives.</summary>
    public static readonly FrozenSet<string> OldOffice = Set("doc xls ppt");

    /// <summary>Archives of other kinds than zip, which nothing here looks into.</summary>
    public static readonly FrozenSet<string> ClosedArchives = Set(
        "7z rar tar gz tgz bz2 tbz2 xz txz zst lz lzh lha arj ace z zipx sit sitx wim");

    public static bool IsArchive(string extension) => extension == "zip" || ClosedArchives.Contains(extension);

    /// <summary>The extension without its dot, in lower case; empty if the name has none.</summary>
    public static string ExtensionOf(string name) => Path.GetExtension(name).TrimStart('.').ToLowerInvariant();

    private static FrozenSet<string> Set(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
