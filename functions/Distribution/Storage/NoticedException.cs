namespace Distribution.Storage;

/// <summary>Something failed, and the secretariat has a notice that says what and what to do.</summary>
internal class NoticedException(string message, Exception? inner) : Exception(message, inner);
