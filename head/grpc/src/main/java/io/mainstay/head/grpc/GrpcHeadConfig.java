package io.mainstay.head.grpc;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/// Where the gRPC head listens.
///
/// @param port 0: a free one
/// @param certificate PEM file with the chain, with `key` (PKCS #8): TLS; both or neither
/// @param clusterId what revisions belong to
/// @param nodeId for people
public record GrpcHeadConfig(
        String host,
        int port,
        @Nullable Path certificate,
        @Nullable Path key,
        String clusterId,
        String nodeId) {}
