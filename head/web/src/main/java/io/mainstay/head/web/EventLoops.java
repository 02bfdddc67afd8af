package io.mainstay.head.web;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.spi.VertxMetricsFactory;

/// Makes the event loops that all HTTP heads of a node share.
public final class EventLoops {

    private EventLoops() {}

    /// One event loop for two cores, at least one: the kernel's threads need the other half, and each further loop costs wake-ups.
    /// Native epoll where its library is present. Close it when all heads are stopped.
    public static Vertx start() {
        return start(usual());
    }

    /// As the other, with somebody who is told of each request's begin, route and end.
    public static Vertx start(VertxMetricsFactory watcher) {
        return Vertx.builder()
                .with(options(usual()).setMetricsOptions(new MetricsOptions().setEnabled(true)))
                .withMetrics(watcher)
                .build();
    }

    private static int usual() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    /// With a given number of event loops.
    public static Vertx start(int loops) {
        return Vertx.vertx(options(loops));
    }

    private static VertxOptions options(int loops) {
        return new VertxOptions()
                .setEventLoopPoolSize(loops)
                .setWorkerPoolSize(4)
                .setInternalBlockingPoolSize(2)
                .setPreferNativeTransport(true)
                .setUseDaemonThread(true)
                // No cache directory in /tmp: nothing is served from the class path by it.
                .setFileSystemOptions(
                        new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false));
    }
}
