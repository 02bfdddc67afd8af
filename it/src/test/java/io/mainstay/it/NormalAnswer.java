package io.mainstay.it;

import io.mainstay.testkit.Http;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/// What two servers must have in common in an answer: the status, and of a success the JSON body without
/// times of the server, with lists and fields in an order of their own. A refusal's text is for people.
///
/// @param body empty for anything but JSON with status 200
record NormalAnswer(int status, String body) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Each server's own clock, and its own count of changes.
    private static final Set<String> OWN =
            Set.of(
                    "lastUpdatedTimestamp",
                    "registrationTimestamp",
                    "lastRenewalTimestamp",
                    "evictionTimestamp",
                    "serviceUpTimestamp",
                    "lastDirtyTimestamp",
                    "versions__delta");

    static NormalAnswer of(Http.Answer answer) {
        boolean json = answer.status() == 200 && answer.body().startsWith("{");
        return new NormalAnswer(
                answer.status(), json ? normal(JSON.readTree(answer.body())).toString() : "");
    }

    private static JsonNode normal(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode sorted = JsonNodeFactory.instance.objectNode();
            object.propertyNames().stream()
                    .sorted()
                    .filter(name -> !OWN.contains(name))
                    .forEach(name -> sorted.set(name, normal(object.get(name))));
            return sorted;
        }
        if (node instanceof ArrayNode array) {
            List<JsonNode> sorted =
                    StreamSupport.stream(array.spliterator(), false)
                            .map(NormalAnswer::normal)
                            .sorted(Comparator.comparing(NormalAnswer::nameOf))
                            .toList();
            ArrayNode result = JsonNodeFactory.instance.arrayNode();
            result.addAll(sorted);
            return result;
        }
        return node;
    }

    private static String nameOf(JsonNode node) {
        JsonNode id = node.has("instanceId") ? node.get("instanceId") : node.get("name");
        return id == null ? node.toString() : id.toString();
    }
}
