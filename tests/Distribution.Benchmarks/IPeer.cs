namespace Distribution.Benchmarks;

/// <summary>Another program that sends as many letters of the same size to the same sink.</summary>
internal interface IPeer
{
    string Name { get; }

    /// <returns>Letters a second.</returns>
    /// <exception cref="InvalidOperationException">It did not send every letter, once.</exception>
    Task<double> Send(Sink sink, SendOptions options);
}
