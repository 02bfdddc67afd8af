package io.mainstay.client;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Supplier;

/// Who this client is. Asked at each connection, so that a token that is renewed is used.
public final class Credentials {

    public static final Credentials NONE = new Credentials(() -> "");

    private final Supplier<String> header;

    private Credentials(Supplier<String> header) {
        this.header = header;
    }

    public static Credentials basic(String user, String password) {
        String both = user + ":" + password;
        String value =
                "Basic "
                        + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
        return new Credentials(() -> value);
    }

    public static Credentials token(Supplier<String> token) {
        return new Credentials(() -> "Bearer " + token.get());
    }

    /// Value of the metadata `authorization`; empty: none.
    public String header() {
        return header.get();
    }

    @Override
    public String toString() {
        return "credentials (not shown)";
    }
}
