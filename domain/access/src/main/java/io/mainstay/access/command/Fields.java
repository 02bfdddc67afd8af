package io.mainstay.access.command;

import io.mainstay.access.api.Role;
import io.mainstay.common.Check;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The fields of commands and snapshots: big-endian numbers, text as UTF-8 behind its length in two bytes, lists of at
/// most 255 texts behind their number in one byte.
public final class Fields {

    private Fields() {}

    public static void text(ByteArrayOutputStream out, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        Check.that(bytes.length <= 0xffff, "a text of %d bytes", bytes.length);
        out.write(bytes.length >>> 8);
        out.write(bytes.length);
        out.writeBytes(bytes);
    }

    public static void number(ByteArrayOutputStream out, long value) {
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    public static String text(ByteBuffer in) {
        int length = in.getShort() & 0xffff;
        Check.that(
                length <= in.remaining(), "text of %d bytes where %d are", length, in.remaining());
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public static void texts(ByteArrayOutputStream out, List<String> values) {
        Check.that(values.size() <= 0xff, "a list of %d texts", values.size());
        out.write(values.size());
        values.forEach(value -> text(out, value));
    }

    public static List<String> texts(ByteBuffer in) {
        int count = in.get() & 0xff;
        List<String> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(text(in));
        }
        return List.copyOf(values);
    }

    public static Role role(ByteBuffer in) {
        int number = in.get() & 0xff;
        return Check.present(Role.ofNumber(number), "role number %d", number);
    }
}
