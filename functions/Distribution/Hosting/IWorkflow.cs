namespace Distribution.Hosting;

/// <summary>
/// The entry points of the workflow: one method for each trigger. A trigger may fire late, twice, or never; the timer's
/// <see cref="Reconcile"/> finds what the others missed.
/// </summary>
public interface IWorkflow
{
    /// <summary>
    /// Creates the containers, queues and tables that do not exist yet. Idempotent; several workers may run it at the
    /// same time.
    /// </summary>
    /// <exception cref="Azure.RequestFailedException">The storage account cannot be reached or refuses.</exception>
    Task CreateStorage(CancellationToken cancellation);

    /// <summary>A file was put into the <c>drafts</c> container: the upload it belongs to is examined.</summary>
    /// <param name="blobName">The file's name within the container: <c>process/revision/file</c>.</param>
    Task ExamineDraft(string blobName, CancellationToken cancellation);

    /// <summary>
    /// A message was put into the <c>inbound</c> container: it is processed as a bounce, a delay or a reply to a
    /// letter.
    /// </summary>
    /// <param name="blobName">The message's name within the container: <c>NAME.eml</c>.</param>
    Task HandleInboundMail(string blobName, CancellationToken cancellation);

    /// <summary>A message came out of the <c>dispatch</c> queue: the letters of one batch are sent.</summary>
    /// <param name="message">The queue message, as it was put in.</param>
    /// <exception cref="System.Text.Json.JsonException">The message is not a batch; nothing was done.</exception>
    /// <exception cref="InvalidDataException">
    /// It names a distribution that is not on record, or whose stored content has changed.
    /// </exception>
    Task SendBatch(string message, CancellationToken cancellation);

    /// <summary>A message was moved to the poison queue (dead letter): it failed on every try.</summary>
    /// <param name="message">The queue message, as it was put in.</param>
    Task SetBatchAside(string message, CancellationToken cancellation);

    /// <summary>
    /// A message came out of the <c>prepare</c> queue: some letters of an upload are typeset, before it can be
    /// released.
    /// </summary>
    /// <param name="message">The queue message, as it was put in.</param>
    /// <exception cref="System.Text.Json.JsonException">The message names no letters; nothing was done.</exception>
    Task PrepareLetters(string message, CancellationToken cancellation);

    /// <summary>
    /// A message was moved to the poison queue of <c>prepare</c>: its upload is rejected with an explanation.
    /// </summary>
    /// <param name="message">The queue message, as it was put in.</param>
    Task SetPreparationAside(string message, CancellationToken cancellation);

    /// <summary>
    /// The timer: picks up what an event missed, what a stopped worker left, and what can go on. Safe to run at any
    /// time, by any number of workers.
    /// </summary>
    Task Reconcile(CancellationToken cancellation);
}
