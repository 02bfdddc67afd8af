package io.mainstay.it;

import io.mainstay.testkit.Http;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// What two servers must have in common in an answer: the status, and of a success each fact of the JSON body
/// but those that stand in `docs/protocols/eureka-deviations.md`. A refusal's text is for people.
///
/// @param facts lines such as `applications.ORDERS.O-1.status=UP`; none for anything but JSON with status 200
record NormalAnswer(int status, SortedSet<String> facts) {
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
        SortedSet<String> facts = new TreeSet<>();
        if ((answer.status() == 200 || answer.status() == 409) && answer.body().startsWith("{")) {
            collect("", JSON.readTree(answer.body()), facts);
        }
        return new NormalAnswer(answer.status(), facts);
    }

    private static void collect(String at, JsonNode node, SortedSet<String> facts) {
        if (node.isObject()) {
            for (String name : node.propertyNames()) {
                if (!OWN.contains(name)) {
                    collect(at + "." + name, node.get(name), facts);
                }
            }
        } else if (node.isArray()) {
            // The order of a list means nothing here, its elements go by their names; but of the
            // answers to a batch.
            int number = 0;
            for (JsonNode element : node) {
                boolean answer = element.has("statusCode");
                collect(at + "." + (answer ? number++ : nameOf(element)), element, facts);
            }
        } else if (at.endsWith(".actionType")) {
            // Clients do the same for ADDED and MODIFIED.
            facts.add(at + "=" + (node.asString().equals("DELETED") ? "DELETED" : "PRESENT"));
        } else {
            facts.add(at + "=" + node);
        }
    }

    private static String nameOf(JsonNode element) {
        JsonNode name = element.has("instanceId") ? element.get("instanceId") : element.get("name");
        return name == null ? element.toString() : name.asString();
    }

    /// What only this one says.
    String butNot(NormalAnswer other) {
        SortedSet<String> own = new TreeSet<>(facts);
        own.removeAll(other.facts);
        return status + " " + own;
    }
}
