package io.mainstay.head.http;

import io.mainstay.head.web.Gzip;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// The console's files, held in memory: what is not in the list of the page does not exist, so no path leads anywhere else. They hold
/// nothing of this node and are given to everybody; the page itself has to sign in for what it shows. Immutable, thread-safe.
public final class ConsoleFiles {

    private static final String LIST = "files.sha256";

    /// A name below it contains the hash of its content.
    private static final String HASHED = "/assets/";

    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none';"
                    + " require-trusted-types-for 'script'; trusted-types 'none'";

    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "css", "text/css; charset=utf-8",
                    "svg", "image/svg+xml",
                    "md", "text/plain; charset=utf-8");

    private final Map<String, ServedFile> files;

    private record ServedFile(
            String contentType, String etag, String cacheControl, Buffer plain, Buffer packed) {}

    private ConsoleFiles(Map<String, ServedFile> files) {
        this.files = Map.copyOf(files);
    }

    /// Without a page.
    public static ConsoleFiles none() {
        return new ConsoleFiles(Map.of());
    }

    /// Reads the page from the class path.
    ///
    /// @param root a folder with a list `files.sha256` in the format of `sha256sum`
    /// @throws UncheckedIOException if the list or a file of it is missing
    public static ConsoleFiles at(String root) {
        Map<String, ServedFile> files = new HashMap<>();
        String list = new String(read(root + "/" + LIST), StandardCharsets.UTF_8);
        list.lines()
                .forEach(
                        line -> {
                            String[] parts = line.split(" {2}", 2);
                            String path = "/" + parts[1];
                            files.put(path, file(path, parts[0], read(root + path)));
                        });
        ServedFile index = files.remove("/index.html");
        if (index != null) {
            files.put("/", index);
        }
        return new ConsoleFiles(files);
    }

    private static ServedFile file(String path, String hash, byte[] bytes) {
        String extension = path.substring(path.lastIndexOf('.') + 1);
        return new ServedFile(
                TYPES.getOrDefault(extension, "application/octet-stream"),
                "\"" + hash + "\"",
                path.startsWith(HASHED) ? "public, max-age=31536000, immutable" : "no-cache",
                Buffer.buffer(bytes),
                Buffer.buffer(Gzip.pack(bytes)));
    }

    private static byte[] read(String resource) {
        try (InputStream in = ConsoleFiles.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new FileNotFoundException("there is no " + resource + " on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Answers a request for a file of the page.
    ///
    /// @return false if it is for something else; then nothing was done
    boolean answer(HttpServerRequest request) {
        ServedFile file = files.get(request.path());
        boolean head = request.method() == HttpMethod.HEAD;
        if (file == null || !(head || request.method() == HttpMethod.GET)) {
            return false;
        }
        HttpServerResponse response =
                request.response()
                        .putHeader("ETag", file.etag())
                        .putHeader("Cache-Control", file.cacheControl())
                        .putHeader("Vary", "Accept-Encoding")
                        .putHeader("Content-Security-Policy", POLICY)
                        .putHeader("X-Content-Type-Options", "nosniff")
                        .putHeader("X-Frame-Options", "DENY")
                        .putHeader("Referrer-Policy", "no-referrer");
        if (file.etag().equals(request.getHeader("If-None-Match"))) {
            response.setStatusCode(304).end();
            return true;
        }
        String accepted = request.getHeader("Accept-Encoding");
        boolean packs = accepted != null && accepted.contains("gzip");
        Buffer body = packs ? file.packed() : file.plain();
        response.putHeader("Content-Type", file.contentType());
        if (packs) {
            response.putHeader("Content-Encoding", "gzip");
        }
        if (head) {
            response.putHeader("Content-Length", Integer.toString(body.length())).end();
        } else {
            response.end(body);
        }
        return true;
    }
}
