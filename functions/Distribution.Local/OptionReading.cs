using System.CommandLine;
using System.CommandLine.Parsing;

namespace Distribution.Local;

/// <summary>Reads values of options, and says in a sentence what is wrong with one.</summary>
internal static class OptionReading
{
    /// <summary>An option whose value is a path; it is made a full path when it is read.</summary>
    /// <param name="help">What stands for the value in the help, such as <c>DIR</c>.</param>
    /// <param name="current">The folder that relative paths start from.</param>
    public static Option<string> PathOption(string name, string help, string description, string current) => new(name)
    {
        HelpName = help,
        Description = description,
        CustomParser = argument => argument.Tokens is [{ Value.Length: > 0 } path]
            ? Path.GetFullPath(path.Value, current)
            : Refuse<string>(argument, $"{name} takes one value: {name} {help}."),
    };

    /// <param name="fault">What is wrong with a value, as a sentence; null where nothing is.</param>
    public static void Check(OptionResult result, Func<string, string?> fault)
    {
        // A value that could not be parsed has an error of its own.
        if (result.Errors.Any() || result.GetValueOrDefault<string>() is not { } value)
            return;
        if (fault(value) is { } sentence)
            result.AddError(sentence);
    }

    /// <param name="remedy">Which file to give instead of one that is not there.</param>
    public static void CheckFile(ArgumentResult result, string current, string remedy)
    {
        if (result.Tokens is [var path] && !File.Exists(Path.GetFullPath(path.Value, current)))
            result.AddError($"There is no file {Path.GetFullPath(path.Value, current)}: {remedy}");
    }

    /// <summary>Adds the sentence as the error of an argument.</summary>
    /// <returns>Always null, so that a parser can return it.</returns>
    public static T? Refuse<T>(ArgumentResult argument, string sentence) where T : class
    {
        argument.AddError(sentence);
        return null;
    }
}
