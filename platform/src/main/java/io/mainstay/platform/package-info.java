/// Clock, randomness, files, sockets and threads: the real ones, and in `sim` the simulated ones.
///
/// Nothing outside this module calls `System.nanoTime`, `new Thread`, `new Random` or
/// `FileChannel.open`; so a test can replace them all. Start with [Platform].
@NullMarked
package io.mainstay.platform;

import org.jspecify.annotations.NullMarked;
