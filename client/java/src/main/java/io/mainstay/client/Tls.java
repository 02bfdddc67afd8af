package io.mainstay.client;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/// Encryption of the connection.
///
/// @param trusted PEM file with the certificates that a node's certificate must come from; `null`: those of the JVM
public record Tls(@Nullable Path trusted) {}
