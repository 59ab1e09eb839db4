namespace Distribution.Hosting;

/// <summary>
/// What starts the workflow: a method for each trigger. Each may come late, twice, or never; the timer's
/// <see cref="Reconcile"/> finds what the others missed.
/// </summary>
public interface IWorkflow
{
    /// <summary>
    /// Makes the containers, queues and tables that are not there yet. Safe to run any number of times, by any number
    /// of workers at once.
    /// </summary>
    /// <exception cref="Azure.RequestFailedException">The storage account cannot be reached or refuses.</exception>
    Task CreateStorage(CancellationToken cancellation);

    /// <summary>A file was put into the <c>drafts</c> container: the upload it belongs to is examined.</summary>
    /// <param name="blobName">The file's name within the container: <c>process/revision/file</c>.</param>
    Task ExamineDraft(string blobName, CancellationToken cancellation);

    /// <summary>
    /// A message was put into the <c>inbound</c> container: it is taken for what it says of a letter.
    /// </summary>
    /// <param name="blobName">The message's name within the container: <c>NAME.eml</c>.</param>
    Task HandleInboundMail(string blobName, CancellationToken cancellation);

    /// <summary>A message came out of the <c>dispatch</c> queue: the letters of one batch are sent.</summary>
    /// <param name="message">The queue message, as it was put in.</param>
    /// <exception cref="InvalidDataException">No batch; nothing was done.</exception>
    Task SendBatch(string message, CancellationToken cancellation);

    /// <summary>
    /// A message was moved to the poison queue: it could not be carried out however often it was tried.
    /// </summary>
    /// <param name="message">The queue message, as it was put in.</param>
    Task SetBatchAside(string message, CancellationToken cancellation);

    /// <summary>
    /// The timer: picks up what an event missed, what a stopped worker left, and what can go on. Safe to run at any
    /// time, by any number of workers.
    /// </summary>
    Task Reconcile(CancellationToken cancellation);
}
