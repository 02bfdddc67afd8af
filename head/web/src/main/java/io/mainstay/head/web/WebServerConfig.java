package io.mainstay.head.web;

import io.mainstay.common.Check;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;

/// Where a head listens and what it takes.
///
/// @param head its name: the key of its port is `<head>.port`
/// @param host address to bind
/// @param port 0 to 65535; 0 takes a free one
/// @param certificate PEM file with the certificate chain; TLS is spoken if it and `key` are given, never with one alone
/// @param key PEM file with the private key (PKCS #8)
/// @param limits see [WebLimits]
public record WebServerConfig(
        String head,
        String host,
        int port,
        @Nullable Path certificate,
        @Nullable Path key,
        WebLimits limits) {

    public WebServerConfig {
        Check.that(port >= 0 && port <= 65_535, "%s.port is %s, allowed: 0 to 65535", head, port);
        Check.that(
                (certificate == null) == (key == null),
                "%s needs both a certificate and a key for TLS, or neither",
                head);
    }

    /// Without TLS, with the usual limits.
    public static WebServerConfig plain(String head, String host, int port) {
        return new WebServerConfig(head, host, port, null, null, WebLimits.usual());
    }

    public boolean tls() {
        return certificate != null;
    }

    /// @param requestLineBytes method, path and query
    /// @param headerBytes all headers together
    /// @param bodyBytes a body as sent, and again after decompression
    /// @param head request line and headers must be whole within this after their first byte
    /// @param idle a connection without a byte for so long is closed
    public record WebLimits(
            int requestLineBytes, int headerBytes, int bodyBytes, Duration head, Duration idle) {

        public static WebLimits usual() {
            return new WebLimits(
                    8 << 10, 32 << 10, 1 << 20, Duration.ofSeconds(20), Duration.ofSeconds(120));
        }

        public WebLimits withBodyBytes(int bytes) {
            return new WebLimits(requestLineBytes, headerBytes, bytes, head, idle);
        }

        public WebLimits withHead(Duration most) {
            return new WebLimits(requestLineBytes, headerBytes, bodyBytes, most, idle);
        }
    }
}
