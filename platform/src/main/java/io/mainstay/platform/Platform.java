package io.mainstay.platform;

import java.util.random.RandomGenerator;

/// Everything of the outside world that a part may touch, given to it when it is made.
///
/// @param clock wall and monotonic time
/// @param random seeded in a simulation; never used for secrets (those take `SecureRandom` through
///     [Secrets])
/// @param disk files below one data directory
/// @param threads named threads and periodic work
public record Platform(Clock clock, RandomGenerator random, Disk disk, Threads threads) {}
