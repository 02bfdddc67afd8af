package io.mainstay.it;

import io.mainstay.testkit.Http;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What two servers must have in common in an answer: the status, and of a success each fact of the JSON body
/// but those that stand in `docs/protocols/eureka-deviations.md`. A refusal's text is for people.
///
/// @param facts lines such as `applications.ORDERS.O-1.status=UP`; none for anything but JSON with status 200
record NormalAnswer(int status, SortedSet<String> facts) {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Pattern STATUS =
            Pattern.compile("\\.(status|overriddenStatus|apps__hashcode)=");

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
        if (answer.status() == 200 && answer.body().startsWith("{")) {
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
            // The order of a list means nothing here: its elements go by their names.
            for (JsonNode element : node) {
                collect(at + "." + nameOf(element), element, facts);
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

    /// Without statuses and the hash that counts them.
    NormalAnswer withoutStatuses() {
        SortedSet<String> rest = new TreeSet<>(facts);
        rest.removeIf(fact -> STATUS.matcher(fact).find());
        return new NormalAnswer(status, rest);
    }

    /// What only this one says.
    String butNot(NormalAnswer other) {
        SortedSet<String> own = new TreeSet<>(facts);
        own.removeAll(other.facts);
        return status + " " + own;
    }
}
