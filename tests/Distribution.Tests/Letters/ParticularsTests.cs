using Distribution.Letters;
using Xunit;

namespace Distribution.Tests.Letters;

/// <summary>No text that its author writes is left out where a letter is looked through.</summary>
public sealed class ParticularsTests
{
    /// <summary>What is not worded by the author for those who get the letter.</summary>
    private static readonly string[] NoParticulars =
    [
        // Looked through by itself.
        "Body",
        // Names of files, and what holds them to it.
        "File", "Signatories.Signature", "Signatories.Office.Emblem", "Sender.Office.Emblem", "Enclosures.File", "Enclosures.Label", "Enclosures.Sha256",
        // Addresses.
        "Contact.Address", "Proof.Name", "Proof.Address", "MeetsAt.Link",
        // Words of a choice, and what stands for something else.
        "Language", "TranslationOf", "AwaitedTranslations", "Template", "Audience", "Deadlines.Name", "Supersedes.Label", "MeetsAt.Uid",
    ];

    [Fact]
    public void Every_text_of_a_letter_is_a_particular_or_said_to_be_none()
    {
        var texts = new List<string>();
        var letter = (LetterSource)Filled(typeof(LetterSource), "", texts)!;
        var particulars = letter.Particulars.ToList();

        Assert.Equal(NoParticulars.Order(), texts.Except(particulars.Select(particular => particular.Text)).Order());
        Assert.Equal(particulars.Count, particulars.Select(particular => particular.Field).Distinct().Count());
    }

    /// <summary>A value all of whose texts say where they stand in it.</summary>
    private static object? Filled(Type type, string path, List<string> texts)
    {
        if (type == typeof(string))
        {
            texts.Add(path);
            return path;
        }

        if (type.IsInterface)
        {
            var list = Array.CreateInstance(type.GetGenericArguments()[0], 1);
            list.SetValue(Filled(type.GetGenericArguments()[0], path, texts), 0);
            return list;
        }

        if (type.IsValueType)
            return Activator.CreateInstance(type);
        var made = type.GetConstructors().Single();
        return made.Invoke(
        [
            .. made.GetParameters().Select(part => Filled(part.ParameterType, path.Length == 0 ? part.Name! : $"{path}.{part.Name}", texts)),
        ]);
    }
}
