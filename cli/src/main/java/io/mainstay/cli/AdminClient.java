package io.mainstay.cli;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/// The admin API of one node over HTTP. Every failure is a [CliException] with the exit code that belongs to it.
public final class AdminClient {

    private static final Duration CONNECT = Duration.ofSeconds(2);

    private final URI server;
    private final @Nullable String authorization;
    private final Duration timeout;
    private final HttpClient http;

    /// @param authorization value of the header, or null for none
    /// @param trust who vouches for an https node; null for those that the JDK trusts
    /// @param timeout for one answer
    public AdminClient(
            URI server,
            @Nullable String authorization,
            @Nullable SSLContext trust,
            Duration timeout) {
        this.server = server;
        this.authorization = authorization;
        this.timeout = timeout;
        HttpClient.Builder client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(connectTimeout(server, timeout));
        if (trust != null) {
            client.sslContext(trust);
        }
        this.http = client.build();
    }

    /// With TLS the handshake counts, which a JVM that was just started does slowly.
    private static Duration connectTimeout(URI server, Duration timeout) {
        boolean tls = "https".equals(server.getScheme());
        return tls || timeout.compareTo(CONNECT) < 0 ? timeout : CONNECT;
    }

    /// A name as one segment of a path.
    public static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public @Nullable Object get(String path) {
        return call("GET", path, null);
    }

    public @Nullable Object put(String path, @Nullable Object body) {
        return call("PUT", path, body);
    }

    /// As [#put], but what is there already is not changed: that ends with [ExitCode#CONFLICT].
    public @Nullable Object create(String path, @Nullable Object body) {
        return call("PUT", path, body, "If-None-Match", "*");
    }

    public @Nullable Object post(String path, @Nullable Object body) {
        return call("POST", path, body);
    }

    public @Nullable Object delete(String path) {
        return call("DELETE", path, null);
    }

    private @Nullable Object call(
            String method, String path, @Nullable Object body, String... headers) {
        HttpRequest.Builder request = request(path).timeout(timeout);
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofString(Json.write(body)));
        }
        HttpResponse<String> answer = send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw refusal(answer.statusCode(), answer.body());
        }
        return answer.body().isBlank() ? null : Json.parse(answer.body());
    }

    /// Calls `event` with the data of each server-sent event until it returns false or the node ends the stream.
    public void events(String path, Predicate<String> event) {
        HttpResponse<Stream<String>> answer =
                send(
                        request(path).header("Accept", "text/event-stream").build(),
                        BodyHandlers.ofLines());
        try (Stream<String> lines = answer.body()) {
            if (answer.statusCode() >= 300) {
                throw refusal(answer.statusCode(), String.join("\n", lines.limit(100).toList()));
            }
            StringBuilder data = new StringBuilder();
            var each = lines.iterator();
            while (each.hasNext()) {
                String line = each.next();
                if (line.startsWith("data:")) {
                    data.append(line, 5, line.length());
                } else if (line.isEmpty() && !data.isEmpty()) {
                    if (!event.test(data.toString().strip())) {
                        return;
                    }
                    data.setLength(0);
                }
            }
        } catch (UncheckedIOException broken) {
            throw new CliException(
                    ExitCode.CANNOT_CONNECT, server + " closed the stream of events", broken);
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + "/api/v1" + path));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return request;
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body) {
        try {
            return http.send(request, body);
        } catch (HttpConnectTimeoutException | ConnectException e) {
            throw new CliException(
                    ExitCode.CANNOT_CONNECT,
                    "cannot connect to "
                            + server
                            + ": is a node running there? Start one with 'mainstay start', or name another with --server.",
                    e);
        } catch (HttpTimeoutException e) {
            throw new CliException(
                    ExitCode.TIMEOUT,
                    server + " did not answer within " + timeout.toMillis() + " ms",
                    e);
        } catch (SSLException e) {
            throw new CliException(
                    ExitCode.CANNOT_CONNECT,
                    server
                            + " cannot be trusted: "
                            + e.getMessage()
                            + ". Give --ca (or MAINSTAY_CA) with the certificate of its CA, and the name that is in its certificate.",
                    e);
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.CANNOT_CONNECT,
                    server + " broke the connection: " + e.getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.INTERRUPTED, "interrupted", e);
        }
    }

    private CliException refusal(int status, String body) {
        String sentence = Table.text(sentence(status, body));
        String hint =
                status == 401
                        ? " Give --token (or MAINSTAY_TOKEN), or --user with MAINSTAY_PASSWORD."
                        : "";
        return new CliException(ExitCode.ofStatus(status), sentence + hint);
    }

    private String sentence(int status, String body) {
        try {
            Object answer = body.startsWith("{") ? Json.parse(body) : null;
            for (String name : new String[] {"message", "detail", "error", "title"}) {
                if (Json.member(answer, name) instanceof String text && !text.isBlank()) {
                    return Json.member(answer, "allowed") instanceof String allowed
                                    && !allowed.isBlank()
                            ? text + "; allowed: " + allowed
                            : text;
                }
            }
        } catch (CliException notJson) {
            // The status alone then says what there is to say.
            return server + " answered with status " + status + " and an unreadable body";
        }
        return server + " answered with status " + status;
    }
}
