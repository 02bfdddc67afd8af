package io.mainstay.head.eureka;

import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.Instance.Endpoint;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// An instance as JSON in Netflix's legacy shape and order of fields; time stamps and booleans are texts there. Not one field may be added:
/// Spring's decoder fails on it.
///
/// The bytes end before `actionType`, the one field that differs from answer to answer; [Form] puts it behind them.
final class InstanceJson {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int TYPICAL_BYTES = 1_024;

    private InstanceJson() {}

    static byte[] encode(Instance instance, boolean compact) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(TYPICAL_BYTES);
        byte[] encoded;
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            if (compact) {
                writeCompact(json, new InstanceFields(instance));
            } else {
                writeFull(json, new InstanceFields(instance));
            }
            json.flush();
            // Before the generator closes the object.
            encoded = out.toByteArray();
        }
        return encoded;
    }

    /// A text as a JSON string with its quotes.
    static byte[] quoted(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() + 16);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeString(text);
        }
        return out.toByteArray();
    }

    static byte[] tail(String action) {
        return (",\"actionType\":\"" + action + "\"}").getBytes(StandardCharsets.US_ASCII);
    }

    private static void writeFull(JsonGenerator json, InstanceFields fields) {
        Instance instance = fields.instance();
        writeIdentity(json, instance);
        json.writeStringProperty("status", fields.status());
        json.writeStringProperty("overriddenStatus", fields.overriddenStatus());
        writePort(json, "port", instance.port());
        writePort(json, "securePort", instance.securePort());
        json.writeNumberProperty("countryId", Integer.parseInt(fields.countryId()));
        writeDataCenter(json, fields);
        writeLease(json, fields);
        json.writeObjectPropertyStart("metadata");
        instance.metadata().forEach(json::writeStringProperty);
        json.writeEndObject();
        writeIfSet(json, "homePageUrl", fields);
        writeIfSet(json, "statusPageUrl", fields);
        writeIfSet(json, "healthCheckUrl", fields);
        writeIfSet(json, "secureHealthCheckUrl", fields);
        writeIfSet(json, "appGroupName", fields);
        writeIfSet(json, "asgName", fields);
        writeVips(json, instance);
        json.writeStringProperty(
                "isCoordinatingDiscoveryServer",
                Boolean.parseBoolean(fields.attribute("isCoordinatingDiscoveryServer", "false"))
                        ? "true"
                        : "false");
        json.writeStringProperty("lastUpdatedTimestamp", Long.toString(instance.changedMs()));
        json.writeStringProperty("lastDirtyTimestamp", Long.toString(fields.lastDirtyMs()));
    }

    private static void writeCompact(JsonGenerator json, InstanceFields fields) {
        Instance instance = fields.instance();
        writeIdentity(json, instance);
        json.writeStringProperty("status", fields.status());
        writePort(json, "port", instance.port());
        writePort(json, "securePort", instance.securePort());
        writeDataCenter(json, fields);
        writeIfSet(json, "asgName", fields);
        writeVips(json, instance);
        json.writeNumberProperty("lastUpdatedTimestamp", instance.changedMs());
    }

    private static void writeIdentity(JsonGenerator json, Instance instance) {
        json.writeStringProperty("instanceId", instance.key().instanceId());
        json.writeStringProperty("hostName", instance.host());
        json.writeStringProperty("app", instance.key().service());
        json.writeStringProperty("ipAddr", instance.ip());
    }

    private static void writePort(JsonGenerator json, String name, Endpoint port) {
        json.writeObjectPropertyStart(name);
        json.writeNumberProperty("$", port.number());
        json.writeStringProperty("@enabled", Boolean.toString(port.enabled()));
        json.writeEndObject();
    }

    private static void writeDataCenter(JsonGenerator json, InstanceFields fields) {
        json.writeObjectPropertyStart("dataCenterInfo");
        json.writeStringProperty("@class", fields.dataCenterClass());
        json.writeStringProperty("name", fields.dataCenterName());
        if (fields.dataCenterName().equals("Amazon")) {
            json.writeObjectPropertyStart("metadata");
            fields.dataCenterMetadata().forEach(json::writeStringProperty);
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    /// Beats are soft state and no part of a revision: the last renewal shown is the registration's time, never later than the truth.
    private static void writeLease(JsonGenerator json, InstanceFields fields) {
        Instance instance = fields.instance();
        json.writeObjectPropertyStart("leaseInfo");
        json.writeNumberProperty("renewalIntervalInSecs", fields.renewalSeconds());
        json.writeNumberProperty("durationInSecs", fields.durationSeconds());
        json.writeNumberProperty("registrationTimestamp", instance.registeredMs());
        json.writeNumberProperty("lastRenewalTimestamp", instance.registeredMs());
        json.writeNumberProperty("evictionTimestamp", 0);
        json.writeNumberProperty("serviceUpTimestamp", instance.upSinceMs());
        json.writeEndObject();
    }

    private static void writeVips(JsonGenerator json, Instance instance) {
        if (!instance.vip().isEmpty()) {
            json.writeStringProperty("vipAddress", instance.vip());
        }
        if (!instance.secureVip().isEmpty()) {
            json.writeStringProperty("secureVipAddress", instance.secureVip());
        }
    }

    private static void writeIfSet(JsonGenerator json, String name, InstanceFields fields) {
        String value = fields.attribute(name);
        if (value != null) {
            json.writeStringProperty(name, value);
        }
    }
}
