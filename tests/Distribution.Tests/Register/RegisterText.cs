using System.Text;
using Distribution.Register;

namespace Distribution.Tests.Register;

/// <summary>Small registers as a person would type them.</summary>
internal static class RegisterText
{
    public const string Header =
        "mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc";

    public const string Switzerland =
        "che,member-state,Switzerland,Permanent Mission of Switzerland to the United Nations,Permanent Representative,,,fr,en,che@missions.example,";

    public const string Mexico =
        "mex,member-state,Mexico,Permanent Mission of Mexico to the United Nations,Permanent Representative,,,es,,mex@missions.example,";

    public static RegisterReading Read(params string[] rows) =>
        RegisterCsv.Read("register.csv", Bytes(string.Join("\r\n", [Header, .. rows])));

    /// <summary>One Swiss row with one column changed.</summary>
    public static RegisterReading ReadWith(string column, string value)
    {
        var cells = Switzerland.Split(',');
        cells[Array.IndexOf(Header.Split(','), column)] = value;
        return Read(string.Join(",", cells));
    }

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Quoted(string cell) => $"\"{cell}\"";
}
