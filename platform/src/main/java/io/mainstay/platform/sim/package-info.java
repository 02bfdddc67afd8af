/// A clock that stands still and a disk that forgets: the outside world of a test that can be played again.
///
/// Nothing here reads the real clock, a real file or unseeded randomness. Start with [SimDisk].
@NullMarked
package io.mainstay.platform.sim;

import org.jspecify.annotations.NullMarked;
