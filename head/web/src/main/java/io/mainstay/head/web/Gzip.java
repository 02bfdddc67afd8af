package io.mainstay.head.web;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// Packs and unpacks gzip in memory, within bounds.
public final class Gzip {

    /// A body of more than [#RATIO_FREE_BYTES] may be at most so many times its packed size: what packs better is made to harm.
    private static final int MAX_RATIO = 100;

    private static final int RATIO_FREE_BYTES = 64 << 10;
    private static final int STEP_BYTES = 8 << 10;

    private Gzip() {}

    /// What became of packed bytes.
    public sealed interface Result {}

    public record Unpacked(byte[] bytes) implements Result {}

    public record TooLarge() implements Result {}

    public record Broken() implements Result {}

    /// Unpacks up to `maxBytes`; stops at the first byte that is too much.
    public static Result unpack(byte[] packed, int maxBytes) {
        long ratioBytes = Math.max(RATIO_FREE_BYTES, (long) MAX_RATIO * packed.length);
        return unpack(packed, Math.min(maxBytes, ratioBytes), 0);
    }

    /// Unpacks what was packed here and has `bytes` bytes.
    public static Result unpackTrusted(byte[] packed, int bytes) {
        return unpack(packed, bytes, bytes);
    }

    private static Result unpack(byte[] packed, long limit, int expected) {
        ByteArrayOutputStream unpacked = new ByteArrayOutputStream(Math.max(STEP_BYTES, expected));
        byte[] step = new byte[STEP_BYTES];
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            for (int n = in.read(step); n >= 0; n = in.read(step)) {
                if (unpacked.size() + (long) n > limit) {
                    return new TooLarge();
                }
                unpacked.write(step, 0, n);
            }
        } catch (IOException broken) {
            return new Broken();
        }
        return new Unpacked(unpacked.toByteArray());
    }

    /// Packs quickly rather than small: bodies are rebuilt at each change.
    public static byte[] pack(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(bytes.length / 4 + 64);
        try (GZIPOutputStream out = new FastGzip(packed)) {
            out.write(bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return packed.toByteArray();
    }

    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(ByteArrayOutputStream out) throws IOException {
            super(out, STEP_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
