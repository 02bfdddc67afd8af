package io.mainstay.testkit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// Small HTTP calls with a time-out, for what a test asks from outside.
public final class Http {
    private static final Duration TIME_OUT = Duration.ofSeconds(30);

    private static final HttpClient CLIENT =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(TIME_OUT)
                    .build();

    private Http() {}

    /// One answer.
    ///
    /// @param contentType empty if the answer has none
    public record Answer(int status, String contentType, String body) {}

    public static Answer get(String url) throws IOException, InterruptedException {
        return call("GET", url, "");
    }

    /// A call with an optional JSON body, asking for JSON.
    public static Answer call(String method, String url, String json)
            throws IOException, InterruptedException {
        return call(method, url, json, "application/json");
    }

    /// A call with an optional JSON body.
    ///
    /// @param headers further names and values, by turns
    public static Answer call(
            String method, String url, String json, String accept, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url)).timeout(TIME_OUT).header("Accept", accept);
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (json.isEmpty()) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json");
            request.method(method, HttpRequest.BodyPublishers.ofString(json));
        }
        HttpResponse<String> answer =
                CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(
                answer.statusCode(),
                answer.headers().firstValue("Content-Type").orElse(""),
                answer.body());
    }
}
