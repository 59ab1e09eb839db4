namespace Distribution.Register;

/// <summary>
/// The head of mission, written as the mission writes it. The form of address ("H.E. Ms.") is data and never inferred.
/// </summary>
internal sealed record HeadOfMission(string Name, string? FormOfAddress);
