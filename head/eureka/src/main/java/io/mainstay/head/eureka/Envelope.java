package io.mainstay.head.eureka;

import io.mainstay.registry.api.RegistryView.Kind;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Puts encoded instances together to the documents that clients fetch.
final class Envelope {

    /// @param encoded by [Form#encode]
    record Part(byte[] encoded, Kind kind) {}

    record App(String name, List<Part> instances) {}

    private final Form form;
    private final ByteArrayOutputStream out;

    private Envelope(Form form, int expectedBytes) {
        this.form = form;
        this.out = new ByteArrayOutputStream(expectedBytes);
    }

    /// `{"instance":…}`
    static byte[] instance(Form form, Part part) {
        Envelope envelope = new Envelope(form, part.encoded().length + 64);
        if (form.json()) {
            envelope.put("{\"instance\":");
            envelope.put(part);
            envelope.put("}");
        } else {
            envelope.put(part);
        }
        return envelope.out.toByteArray();
    }

    /// `{"application":…}`
    static byte[] application(Form form, App app) {
        Envelope envelope = new Envelope(form, bytes(List.of(app)));
        if (form.json()) {
            envelope.put("{\"application\":");
            envelope.put(app);
            envelope.put("}");
        } else {
            envelope.put(app);
        }
        return envelope.out.toByteArray();
    }

    /// `{"applications":…}`. Decoders want version and hash before the list, but for the compact form, where Netflix's server puts them last.
    static byte[] applications(Form form, long version, String hash, List<App> apps) {
        Envelope envelope = new Envelope(form, bytes(apps));
        if (!form.json()) {
            envelope.put("<applications>\n  <versions__delta>" + version + "</versions__delta>\n");
            envelope.put("  <apps__hashcode>" + hash + "</apps__hashcode>\n");
            apps.forEach(envelope::put);
            envelope.put("</applications>\n");
            return envelope.out.toByteArray();
        }
        String head =
                "\"versions__delta\":\"%d\",\"apps__hashcode\":\"%s\"".formatted(version, hash);
        envelope.put("{\"applications\":{");
        if (!form.compact()) {
            envelope.put(head + ",");
        }
        envelope.put("\"application\":[");
        for (int i = 0; i < apps.size(); i++) {
            if (i > 0) {
                envelope.put(",");
            }
            envelope.put(apps.get(i));
        }
        envelope.put(form.compact() ? "]," + head + "}}" : "]}}");
        return envelope.out.toByteArray();
    }

    private static int bytes(List<App> apps) {
        long bytes = 256;
        for (App app : apps) {
            bytes += 64;
            for (Part part : app.instances()) {
                bytes += part.encoded().length + 72;
            }
        }
        return (int) Math.min(bytes, 1 << 30);
    }

    private void put(App app) {
        if (form.json()) {
            put("{\"name\":");
            out.writeBytes(form.text(app.name()));
            put(",\"instance\":[");
            for (int i = 0; i < app.instances().size(); i++) {
                if (i > 0) {
                    put(",");
                }
                put(app.instances().get(i));
            }
            put("]}");
        } else {
            put("  <application>\n    <name>");
            out.writeBytes(form.text(app.name()));
            put("</name>\n");
            app.instances().forEach(this::put);
            put("  </application>\n");
        }
    }

    private void put(Part part) {
        out.writeBytes(part.encoded());
        out.writeBytes(form.tail(part.kind()));
    }

    private void put(String ascii) {
        out.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
    }
}
