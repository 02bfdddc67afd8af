package io.mainstay.head.amqp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Frames as RabbitMQ's Java client sends them, from `frames.hex`.
final class Corpus {

    private Corpus() {}

    static byte[][] frames() {
        return of("/frames.hex");
    }

    /// Lines of hexadecimal digits; those that begin with `#` are for people.
    static byte[][] of(String resource) {
        try (var in = Corpus.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> HexFormat.of().parseHex(line.replace(" ", "")))
                    .toArray(byte[][]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
