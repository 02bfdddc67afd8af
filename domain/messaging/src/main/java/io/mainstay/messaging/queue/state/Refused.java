package io.mainstay.messaging.queue.state;

/// A message that a full queue did not take. It is known to the dispatcher of this moment only: its publisher is told, so nothing is lost with it.
///
/// @param pieces where the body lies, address and bytes of each piece in turn, if it came in pieces; otherwise empty
public record Refused(long queue, Entry entry, long[] pieces) {}
