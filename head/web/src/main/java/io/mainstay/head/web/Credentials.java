package io.mainstay.head.web;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// What a client shows: in the header `Authorization`, or as its protocol has it.
public sealed interface Credentials {

    /// Longest header value that is looked at, in characters.
    int MAX_LENGTH = 4096;

    /// RFC 7617; Eureka clients take it from the user info of their service URL.
    record Basic(String user, String password) implements Credentials {
        /// Never the password.
        @Override
        public String toString() {
            return "Basic " + user;
        }
    }

    /// RFC 6750.
    record Bearer(String token) implements Credentials {
        /// Never the token.
        @Override
        public String toString() {
            return "Bearer";
        }
    }

    /// The common name in a certificate that a client has shown and TLS has checked.
    record Certificate(String name) implements Credentials {}

    /// Parses the value of `Authorization`; `null` if it is absent, of another scheme, or malformed.
    static @Nullable Credentials parse(@Nullable String header) {
        if (header == null || header.length() > MAX_LENGTH) {
            return null;
        }
        if (header.regionMatches(true, 0, "Basic ", 0, 6)) {
            return basic(header.substring(6).strip());
        }
        if (header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            String token = header.substring(7).strip();
            return token.isEmpty() ? null : new Bearer(token);
        }
        return null;
    }

    private static @Nullable Credentials basic(String encoded) {
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException notBase64) {
            // Credentials that cannot be read are no credentials; the gate answers 401.
            return null;
        }
        String pair = new String(decoded, StandardCharsets.UTF_8);
        int colon = pair.indexOf(':');
        return colon < 0 ? null : new Basic(pair.substring(0, colon), pair.substring(colon + 1));
    }
}
