using Distribution.Common;

namespace Distribution.Register;

/// <summary>
/// How the desk calls a mission. Kept off <see cref="Mission"/>, which is written into records as it is.
/// </summary>
internal static class SaidMission
{
    extension(Mission mission)
    {
        /// <summary>The name, where the register has it in the reader's language.</summary>
        public Phrase Said => Phrase.Of(language => mission.NameIn(language.Code));

        /// <summary>The title, where the register has it in the reader's language.</summary>
        public Phrase SaidTitle => Phrase.Of(language => mission.TitleIn(language.Code));
    }
}
