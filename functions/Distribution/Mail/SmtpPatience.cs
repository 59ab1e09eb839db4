namespace Distribution.Mail;

/// <summary>
/// How long an SMTP server may take for each step: no less than RFC 5321 (4.5.3.2) asks for once letters are handed
/// over. A shorter <c>Mail:Timeout</c> bounds them all.
/// </summary>
/// <param name="longest">Zero for no other bound.</param>
internal sealed class SmtpPatience(TimeSpan longest)
{
    /// <summary>The longest a letter may take before its last byte is sent.</summary>
    public static readonly TimeSpan Letter = TimeSpan.FromMinutes(15);

    /// <summary>
    /// For the answer to the final dot. A server may check the whole letter before it answers, and a client that does
    /// not wait sends the letter twice.
    /// </summary>
    private static readonly TimeSpan LongestFinalDot = TimeSpan.FromMinutes(10);

    /// <summary>The longest one letter may take, from the connection to the answer about it.</summary>
    public static readonly TimeSpan HandOver = Letter + LongestFinalDot;

    public TimeSpan Connection => AtMost(TimeSpan.FromSeconds(30));

    /// <summary>For the greeting, the answer to EHLO, encryption and sign-in.</summary>
    // RFC 5321 (4.5.3.2.1) allows five minutes for the greeting. Nothing is handed over yet, so giving up early loses
    // nothing.
    public TimeSpan Session => AtMost(TimeSpan.FromMinutes(1));

    /// <summary>For the answers to MAIL, RCPT, DATA and RSET.</summary>
    public TimeSpan Command => AtMost(TimeSpan.FromMinutes(5));

    /// <summary>For accepting one block of the letter.</summary>
    public TimeSpan Block => AtMost(TimeSpan.FromMinutes(3));

    public TimeSpan FinalDot => AtMost(LongestFinalDot);

    private TimeSpan AtMost(TimeSpan own) => longest > TimeSpan.Zero && longest < own ? longest : own;
}
