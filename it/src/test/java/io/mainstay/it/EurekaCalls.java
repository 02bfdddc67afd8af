package io.mainstay.it;

import io.mainstay.testkit.Http;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Eureka's calls as a test makes them by hand.
///
/// @param url base with a slash at the end
record EurekaCalls(String url) {
    private static final Pattern ID = Pattern.compile("\"instanceId\"\\s*:\\s*\"([^\"]+)\"");
    private static final Pattern APP =
            Pattern.compile(ID.pattern() + "[^{]*?\"app\"\\s*:\\s*\"([^\"]+)\"");

    /// A registration as a client sends it.
    ///
    /// @param extra further fields of the instance, each with a comma at its end; may be empty
    static String instance(String app, String id, int leaseSeconds, String extra) {
        return """
        {"instance":{"instanceId":"%s","hostName":"127.0.0.1","app":"%s","ipAddr":"127.0.0.1",%s
         "status":"UP","port":{"$":8080,"@enabled":"true"},"securePort":{"$":443,"@enabled":"false"},
         "countryId":1,"vipAddress":"%s","secureVipAddress":"%s","lastDirtyTimestamp":"1700000000000",
         "dataCenterInfo":{"@class":"com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo","name":"MyOwn"},
         "leaseInfo":{"renewalIntervalInSecs":1,"durationInSecs":%d},"metadata":{"zone":"a"}}}
        """
                .formatted(
                        id,
                        app,
                        extra,
                        app.toLowerCase(Locale.ROOT),
                        app.toLowerCase(Locale.ROOT),
                        leaseSeconds);
    }

    /// Registers an instance; the status of the answer, 204 if it was taken.
    int register(String app, String id, int leaseSeconds) throws IOException, InterruptedException {
        return Http.call("POST", url + "apps/" + app, instance(app, id, leaseSeconds, "")).status();
    }

    int renew(String app, String id) throws IOException, InterruptedException {
        return Http.call("PUT", url + "apps/" + app + "/" + id + "?status=UP", "").status();
    }

    int cancel(String app, String id) throws IOException, InterruptedException {
        return Http.call("DELETE", url + "apps/" + app + "/" + id, "").status();
    }

    /// Cancels all instances, whatever their names.
    void cancelAll() throws IOException, InterruptedException {
        Matcher matcher = APP.matcher(Http.get(url + "apps/").body());
        while (matcher.find()) {
            cancel(inPath(matcher.group(2)), inPath(matcher.group(1)));
        }
    }

    private static String inPath(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    int status(String app, String id) throws IOException, InterruptedException {
        return Http.get(url + "apps/" + app + "/" + id).status();
    }

    /// Ids of all instances in a full fetch.
    Set<String> ids() throws IOException, InterruptedException {
        Http.Answer answer = Http.get(url + "apps/");
        if (answer.status() != 200) {
            throw new IOException("HTTP status " + answer.status() + " for a full fetch");
        }
        Set<String> ids = new TreeSet<>();
        Matcher matcher = ID.matcher(answer.body());
        while (matcher.find()) {
            ids.add(matcher.group(1));
        }
        return ids;
    }
}
