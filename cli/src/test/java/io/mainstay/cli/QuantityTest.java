package io.mainstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;

class QuantityTest {

    @Test
    void numbersAreShownAsPeopleReadThem() {
        assertThat(Quantity.bytes(0)).isEqualTo("0 B");
        assertThat(Quantity.bytes(1_536)).isEqualTo("1.5 KiB");
        assertThat(Quantity.bytes(130_194_648)).isEqualTo("124 MiB");
        assertThat(Quantity.bytes(Long.MAX_VALUE)).isEqualTo("8.0 EiB");
        assertThat(Quantity.millis(7)).isEqualTo("7 ms");
        assertThat(Quantity.millis(1_295)).isEqualTo("1.3 s");
        assertThat(Quantity.millis(59_999)).isEqualTo("59 s");
        assertThat(Quantity.millis(93_784_000)).isEqualTo("1 d 2 h");
        assertThat(Quantity.count(1_234_567)).isEqualTo("1,234,567");
    }

    @Test
    void aStatusNamesRaftGroupsThatAreNotWell() {
        Object overview =
                Json.parse(
                        """
                        {"uptimeMs":1295,"memory":{"heapUsedBytes":1048576},"registry":{"beats":12000},
                         "groups":[{"id":0,"name":"meta","role":"LEADER"},{"id":9,"name":"memory","role":"FENCED"}]}""");
        StringWriter shown = new StringWriter();
        StatusCommand.table(overview).print(new PrintWriter(shown), false);
        assertThat(shown.toString().lines().map(line -> line.replaceAll(" {2,}", " | ")))
                .containsExactly(
                        "WHAT | VALUE",
                        "uptime | 1.3 s",
                        "memory.heapUsed | 1.0 MiB",
                        "registry.beats | 12,000",
                        "raft groups | 2, led here: 1",
                        "raft group memory | FENCED");
    }
}
