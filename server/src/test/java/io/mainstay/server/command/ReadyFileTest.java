package io.mainstay.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

class ReadyFileTest {

    @Test
    void holdsOneObjectOfAddressesAndNothingIsLeftBeside(@TempDir Path folder) throws IOException {
        Map<String, String> addresses = new LinkedHashMap<>();
        addresses.put("http", "http://127.0.0.1:8700");
        addresses.put("eureka", "http://127.0.0.1:8761");
        Path file = folder.resolve("run").resolve("ready.json");

        ReadyFile.write(file, addresses);
        ReadyFile.write(file, addresses);

        assertThat(file)
                .hasContent(
                        "{\"http\":\"http://127.0.0.1:8700\",\"eureka\":\"http://127.0.0.1:8761\"}");
        assertThat(file.getParent().toFile().list()).containsExactly("ready.json");
    }
}
