package io.mainstay.bench.amqp;

/// What the processes of a run are started from.
///
/// @param java the program
/// @param serverClasspath of our node
/// @param startCache of our node, as `./mainstay` makes it; empty: none
/// @param loadClasspath of PerfTest
/// @param heap of our node, as `-Xmx` takes it
record Programs(
        String java,
        String serverClasspath,
        String startCache,
        String loadClasspath,
        String heap) {}
