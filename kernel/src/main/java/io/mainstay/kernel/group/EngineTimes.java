package io.mainstay.kernel.group;

/// The engine's time-outs in milliseconds.
///
/// @param fetchMs a follower that heard nothing from its leader for so long asks for an election; a leader that heard nothing from a
///     majority for one and a half times as long steps down
/// @param electionMs a candidate tries again after so long, and up to twice that
/// @param requestMs a request that was not answered is given up
/// @param parkMs a fetch without news waits so long at the leader; well below `fetchMs`
record EngineTimes(int fetchMs, int electionMs, int requestMs, int parkMs) {

    static final EngineTimes DEFAULT = new EngineTimes(1000, 500, 1000, 300);
}
