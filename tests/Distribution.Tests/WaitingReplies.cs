using Distribution.Intake;
using Distribution.Tracking.Inbound;
using MimeKit;
using Xunit;

namespace Distribution.Tests;

internal static class WaitingReplies
{
    /// <summary>The messages that wait, the latest first; tests have no more than stand on one page.</summary>
    public static async Task<IReadOnlyList<ReceivedReply>> Waiting(this Replies replies, CancellationToken cancellation) =>
        (await replies.Waiting([], "", cancellation)).Latest;

    /// <summary>A mission answers a letter by mail, in words that give no reference.</summary>
    public static async Task Answer(this TestWorkflow workflow, DistributionRecord letter, string mission, string text)
    {
        using var message = new MimeMessage { Subject = "Re: Draft Rev 1", Body = new TextPart("plain") { Text = text } };
        message.From.Add(new MailboxAddress(null, $"{mission}@missions.example"));
        message.To.Add(MailboxAddress.Parse(workflow.ReplyAddress(letter, mission)));
        using var content = new MemoryStream();
        await message.WriteToAsync(content, TestContext.Current.CancellationToken);
        content.Position = 0;
        await workflow.Get<InboundFiles>().Upload($"{mission}.eml", content, TestContext.Current.CancellationToken);
        await workflow.Reconcile();
    }
}
