package io.mainstay.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The committed page is what its sources give. Whether they do is known without npm: the build of the page writes down the hashes of
/// what it read and what it wrote.
class BuiltPageTest {

    private static final String COMMAND =
            "the page must be built again: cd console/web && npm ci && npm run build";

    private static final Path PAGE = Path.of("src/main/resources", ConsolePage.ROOT);
    private static final Path SOURCES = Path.of("web");

    @Test
    void thePageWasBuiltFromTheSourcesThatAreHere() throws Exception {
        assertThat(hashes(SOURCES, path -> !path.startsWith("node_modules/")))
                .as(COMMAND)
                .isEqualTo(written("sources.sha256"));
    }

    @Test
    void nobodyChangedTheBuiltPage() throws Exception {
        assertThat(hashes(PAGE, path -> !path.endsWith(".sha256")))
                .as(COMMAND)
                .isEqualTo(written("files.sha256"));
    }

    @Test
    void thePageStaysSmall() throws Exception {
        long bytes = 0;
        for (String path : written("files.sha256").keySet()) {
            bytes += Files.size(PAGE.resolve(path));
        }
        assertThat(bytes).as("bytes of the page before compression").isLessThan(400 << 10);
    }

    private static Map<String, String> written(String list) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        for (String line : Files.readAllLines(PAGE.resolve(list))) {
            String[] parts = line.split(" {2}", 2);
            hashes.put(parts[1], parts[0]);
        }
        return hashes;
    }

    private static Map<String, String> hashes(Path folder, Predicate<String> isMeant)
            throws IOException, NoSuchAlgorithmException {
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String path = folder.relativize(file).toString().replace('\\', '/');
                if (isMeant.test(path)) {
                    byte[] hash =
                            MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                    hashes.put(path, HexFormat.of().formatHex(hash));
                }
            }
        }
        return hashes;
    }
}
