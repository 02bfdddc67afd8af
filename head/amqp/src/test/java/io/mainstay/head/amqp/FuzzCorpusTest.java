package io.mainstay.head.amqp;

import org.junit.jupiter.api.Test;

import java.util.HexFormat;

/// Inputs that a fuzzer found worth keeping, as each reaches code that no other one does, and those that once broke the head.
class FuzzCorpusTest {

    @Test
    void noneOfThemBreaksTheHead() {
        for (byte[] input : Corpus.of("/fuzz-corpus.hex")) {
            try {
                AmqpFuzz.fuzzerTestOneInput(input);
            } catch (RuntimeException | AssertionError failed) {
                throw new AssertionError(HexFormat.of().formatHex(input), failed);
            }
        }
    }

    @Test
    void framesOfStockClientsDoNeither() {
        for (byte[] frame : Corpus.frames()) {
            byte[] input = new byte[frame.length + 1];
            System.arraycopy(frame, 0, input, 1, frame.length);
            AmqpFuzz.fuzzerTestOneInput(input);
        }
    }
}
