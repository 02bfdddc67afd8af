package io.mainstay.head.eureka;

import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.RegistryView.Kind;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The four ways in which a client may want its answer: JSON or XML, full or compact.
enum Form {
    JSON("application/json", false),
    JSON_COMPACT("application/json", true),
    XML("application/xml", false),
    XML_COMPACT("application/xml", true);

    private static final String COMPACT_HEADER = "X-Eureka-Accept";

    final String contentType;
    private final boolean compact;
    private final byte[] addedTail;
    private final byte[] modifiedTail;
    private final byte[] deletedTail;

    Form(String contentType, boolean compact) {
        this.contentType = contentType;
        this.compact = compact;
        boolean json = contentType.endsWith("json");
        this.addedTail = json ? InstanceJson.tail("ADDED") : InstanceXml.tail("ADDED");
        this.modifiedTail = json ? InstanceJson.tail("MODIFIED") : InstanceXml.tail("MODIFIED");
        this.deletedTail = json ? InstanceJson.tail("DELETED") : InstanceXml.tail("DELETED");
    }

    /// JSON only if `Accept` says so: that is Eureka's rule, an absent header means XML.
    static Form wanted(MultiMap headers) {
        boolean json = contains(headers.get(HttpHeaders.ACCEPT), "json");
        String compact = headers.get(COMPACT_HEADER);
        if (compact != null && compact.equalsIgnoreCase("compact")) {
            return json ? JSON_COMPACT : XML_COMPACT;
        }
        return json ? JSON : XML;
    }

    static boolean contains(@Nullable String header, String word) {
        return header != null && header.toLowerCase(Locale.ROOT).contains(word);
    }

    boolean json() {
        return this == JSON || this == JSON_COMPACT;
    }

    boolean compact() {
        return compact;
    }

    byte[] encode(Instance instance) {
        return json()
                ? InstanceJson.encode(instance, compact)
                : InstanceXml.encode(instance, compact);
    }

    byte[] tail(Kind kind) {
        return switch (kind) {
            case ADDED -> addedTail;
            case MODIFIED -> modifiedTail;
            case DELETED -> deletedTail;
        };
    }

    /// A text as it stands within the form: a JSON string, or escaped for XML.
    byte[] text(String text) {
        return json()
                ? InstanceJson.quoted(text)
                : InstanceXml.escaped(text).getBytes(StandardCharsets.UTF_8);
    }
}
