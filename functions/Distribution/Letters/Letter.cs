namespace Distribution.Letters;

/// <summary>One mission's rendered letter: the subject, HTML and plain text of its email.</summary>
internal sealed record Letter(string Subject, string Html, string Text);
