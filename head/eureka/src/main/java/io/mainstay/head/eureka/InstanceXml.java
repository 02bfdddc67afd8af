package io.mainstay.head.eureka;

import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.Instance.Endpoint;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// An instance as XML in the shape of Netflix's XStream codec, indented as a member of `applications`. Ends before `actionType`, as
/// [InstanceJson].
final class InstanceXml {

    private static final String INDENT = "      ";

    private InstanceXml() {}

    static byte[] encode(Instance instance, boolean compact) {
        InstanceFields fields = new InstanceFields(instance);
        StringBuilder xml = new StringBuilder(1_600);
        xml.append("    <instance>\n");
        element(xml, "instanceId", instance.key().instanceId());
        element(xml, "hostName", instance.host());
        element(xml, "app", instance.key().service());
        element(xml, "ipAddr", instance.ip());
        element(xml, "status", fields.status());
        if (!compact) {
            element(xml, "overriddenstatus", fields.overriddenStatus());
        }
        port(xml, "port", instance.port());
        port(xml, "securePort", instance.securePort());
        if (!compact) {
            element(xml, "countryId", fields.countryId());
        }
        dataCenter(xml, fields);
        if (!compact) {
            lease(xml, fields);
            map(xml, "metadata", instance.metadata(), INDENT);
            ifSet(xml, "homePageUrl", fields);
            ifSet(xml, "statusPageUrl", fields);
            ifSet(xml, "healthCheckUrl", fields);
            ifSet(xml, "secureHealthCheckUrl", fields);
            ifSet(xml, "appGroupName", fields);
        }
        ifSet(xml, "asgName", fields);
        if (!instance.vip().isEmpty()) {
            element(xml, "vipAddress", instance.vip());
        }
        if (!instance.secureVip().isEmpty()) {
            element(xml, "secureVipAddress", instance.secureVip());
        }
        if (!compact) {
            element(
                    xml,
                    "isCoordinatingDiscoveryServer",
                    Boolean.parseBoolean(fields.attribute("isCoordinatingDiscoveryServer", "false"))
                            ? "true"
                            : "false");
        }
        element(xml, "lastUpdatedTimestamp", Long.toString(instance.changedMs()));
        if (!compact) {
            element(xml, "lastDirtyTimestamp", Long.toString(fields.lastDirtyMs()));
        }
        return xml.toString().getBytes(StandardCharsets.UTF_8);
    }

    static byte[] tail(String action) {
        return (INDENT + "<actionType>" + action + "</actionType>\n    </instance>\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// `text` with XML's own characters escaped; characters that XML 1.0 has no way to write become U+FFFD.
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&apos;");
                case '\r' -> escaped.append("&#xd;");
                default -> escaped.append(writable(text, i) ? c : '\uFFFD');
            }
        }
        return escaped.toString();
    }

    private static boolean writable(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
        }
        return c >= 0x20 && c < 0xFFFE || c == '\t' || c == '\n';
    }

    private static void element(StringBuilder xml, String name, String value) {
        xml.append(INDENT).append('<').append(name).append('>');
        xml.append(escaped(value)).append("</").append(name).append(">\n");
    }

    private static void ifSet(StringBuilder xml, String name, InstanceFields fields) {
        String value = fields.attribute(name);
        if (value != null) {
            element(xml, name, value);
        }
    }

    private static void port(StringBuilder xml, String name, Endpoint port) {
        xml.append(INDENT).append('<').append(name).append(" enabled=\"").append(port.enabled());
        xml.append("\">").append(port.number()).append("</").append(name).append(">\n");
    }

    private static void dataCenter(StringBuilder xml, InstanceFields fields) {
        xml.append(INDENT).append("<dataCenterInfo class=\"");
        xml.append(escaped(fields.dataCenterClass())).append("\">\n");
        xml.append(INDENT).append("  <name>").append(fields.dataCenterName()).append("</name>\n");
        if (fields.dataCenterName().equals("Amazon")) {
            map(xml, "metadata", fields.dataCenterMetadata(), INDENT + "  ");
        }
        xml.append(INDENT).append("</dataCenterInfo>\n");
    }

    private static void lease(StringBuilder xml, InstanceFields fields) {
        Instance instance = fields.instance();
        xml.append(INDENT).append("<leaseInfo>\n");
        number(xml, "renewalIntervalInSecs", fields.renewalSeconds());
        number(xml, "durationInSecs", fields.durationSeconds());
        number(xml, "registrationTimestamp", instance.registeredMs());
        number(xml, "lastRenewalTimestamp", instance.registeredMs());
        number(xml, "evictionTimestamp", 0);
        number(xml, "serviceUpTimestamp", instance.upSinceMs());
        xml.append(INDENT).append("</leaseInfo>\n");
    }

    private static void number(StringBuilder xml, String name, long value) {
        xml.append(INDENT).append("  <").append(name).append('>').append(value);
        xml.append("</").append(name).append(">\n");
    }

    private static void map(
            StringBuilder xml, String name, Map<String, String> entries, String indent) {
        if (entries.isEmpty()) {
            xml.append(indent).append('<').append(name);
            xml.append(" class=\"java.util.Collections$EmptyMap\"/>\n");
            return;
        }
        xml.append(indent).append('<').append(name).append(">\n");
        entries.forEach(
                (key, value) -> {
                    String element = XmlNames.encode(key);
                    xml.append(indent).append("  <").append(element).append('>');
                    xml.append(escaped(value)).append("</").append(element).append(">\n");
                });
        xml.append(indent).append("</").append(name).append(">\n");
    }
}
