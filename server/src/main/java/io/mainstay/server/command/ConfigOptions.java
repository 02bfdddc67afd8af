package io.mainstay.server.command;

import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;
import io.mainstay.server.config.ConfigException;
import io.mainstay.server.config.ConfigLoader;
import io.mainstay.server.config.Configuration;
import io.mainstay.server.config.NodeConfig;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// The layers of the configuration as options.
final class ConfigOptions {

    private static final Path USUAL = Path.of("mainstay.yaml");

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where the node keeps everything; the same as -X data.dir=DIR.")
    private @Nullable String data;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "${env:MAINSTAY_CONFIG}",
            description = "YAML file (MAINSTAY_CONFIG; default mainstay.yaml here, if it exists).")
    private @Nullable Path file;

    @Option(
            names = "-X",
            paramLabel = "KEY=VALUE",
            description = "Sets one key; goes before environment and file. May be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    NodeConfig load() {
        try {
            return ConfigLoader.load(chosenFile(), flags(), System.getenv());
        } catch (ConfigException refused) {
            throw new CliException(ExitCode.USAGE, String.valueOf(refused.getMessage()), refused);
        }
    }

    Configuration resolve() {
        try {
            return ConfigLoader.resolve(chosenFile(), flags(), System.getenv());
        } catch (ConfigException refused) {
            throw new CliException(ExitCode.USAGE, String.valueOf(refused.getMessage()), refused);
        }
    }

    private @Nullable Path chosenFile() {
        return file != null ? file : Files.exists(USUAL) ? USUAL : null;
    }

    private Map<String, String> flags() {
        Map<String, String> flags = new LinkedHashMap<>(settings);
        if (data != null) {
            flags.put("data.dir", data);
        }
        return flags;
    }
}
