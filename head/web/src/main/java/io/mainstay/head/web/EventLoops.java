package io.mainstay.head.web;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

/// Makes the event loops that all HTTP heads of a node share.
public final class EventLoops {

    private EventLoops() {}

    /// One event loop for two cores, at least one: the kernel's threads need the other half, and each further loop costs wake-ups.
    /// Native epoll where its library is present. Close it when all heads are stopped.
    public static Vertx start() {
        return start(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    /// With a given number of event loops.
    public static Vertx start(int loops) {
        return Vertx.vertx(
                new VertxOptions()
                        .setEventLoopPoolSize(loops)
                        .setWorkerPoolSize(4)
                        .setInternalBlockingPoolSize(2)
                        .setPreferNativeTransport(true)
                        .setUseDaemonThread(true)
                        // No cache directory in /tmp: nothing is served from the class path by it.
                        .setFileSystemOptions(
                                new FileSystemOptions()
                                        .setFileCachingEnabled(false)
                                        .setClassPathResolvingEnabled(false)));
    }
}
