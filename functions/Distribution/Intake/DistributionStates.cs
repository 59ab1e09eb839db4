namespace Distribution.Intake;

/// <summary>Questions about several states at once.</summary>
internal static class DistributionStates
{
    extension(DistributionState state)
    {
        /// <summary>Whether letters of it may leave now.</summary>
        public bool IsBeingSent => state is DistributionState.Released or DistributionState.Sending;

        /// <summary>The same, or on hold: it can be stopped.</summary>
        public bool IsUnderWay => state.IsBeingSent || state == DistributionState.Paused;
    }
}
