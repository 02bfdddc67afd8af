package io.mainstay.head.eureka;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/// Service URL of an existing Eureka server, as its clients write it: `http://user:password@host:8761/eureka/`.
///
/// @param path ends with a slash
/// @param authorization value of the header, `null` without credentials
record PeerUrl(boolean tls, String host, int port, String path, @Nullable String authorization) {

    /// @throws IllegalArgumentException with a sentence that holds no credentials
    static PeerUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException holdsCredentials) {
            throw new IllegalArgumentException(objection("it is not a URL"));
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException(objection("it begins with neither http nor https"));
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException(objection("it names no host"));
        }
        boolean tls = scheme.equals("https");
        int usual = tls ? 443 : 80;
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String user = uri.getUserInfo();
        return new PeerUrl(
                tls,
                uri.getHost(),
                uri.getPort() < 0 ? usual : uri.getPort(),
                path.endsWith("/") ? path : path + "/",
                user == null ? null : basic(user));
    }

    private static String objection(String why) {
        return "eureka.peers holds a URL that cannot be used: "
                + why
                + "; an example is http://user:password@host:8761/eureka/";
    }

    private static String basic(String user) {
        byte[] bytes = user.getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(bytes);
    }

    /// For logs: without credentials.
    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + host + ":" + port + path;
    }
}
