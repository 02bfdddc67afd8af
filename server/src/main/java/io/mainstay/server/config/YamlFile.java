package io.mainstay.server.config;

import io.mainstay.server.config.Origin.Layer;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One YAML file, nested or with dotted keys, as flat keys with `file:line`. Only the tree is composed: no tag makes an object.
final class YamlFile {

    private static final int MAX_BYTES = 1 << 20;

    private final Path file;
    private final Sink sink;
    private final List<ConfigProblem> problems;

    private YamlFile(Path file, Sink sink, List<ConfigProblem> problems) {
        this.file = file;
        this.sink = sink;
        this.problems = problems;
    }

    interface Sink {
        void take(String key, String text, Origin origin);
    }

    static void read(Path file, Sink sink, List<ConfigProblem> problems) {
        new YamlFile(file, sink, problems).read();
    }

    private void read() {
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(file.toString())
                        .setCodePointLimit(MAX_BYTES)
                        .setMaxAliasesForCollections(0)
                        .build();
        try (Reader reader = Files.newBufferedReader(file)) {
            new Compose(settings).composeReader(reader).ifPresent(this::document);
        } catch (NoSuchFileException missing) {
            problem(file.toString(), 0, "the configuration file does not exist");
        } catch (IOException e) {
            problem(file.toString(), 0, "the configuration file cannot be read: " + e.getMessage());
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(Mark::getLine).orElse(-1) + 1;
            problem("", line, "this is not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            problem("", 0, "this is not YAML: " + e.getMessage());
        }
    }

    private void document(Node root) {
        if (root instanceof MappingNode mapping) {
            mapping(mapping, "");
        } else {
            problem("", line(root), "a mapping of keys to values is expected");
        }
    }

    private void mapping(MappingNode mapping, String prefix) {
        for (NodeTuple entry : mapping.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode key) {
                value(prefix + key.getValue(), entry.getValueNode());
            } else {
                problem(prefix, line(entry.getKeyNode()), "a key must be a word");
            }
        }
    }

    private void value(String key, Node node) {
        switch (node) {
            case MappingNode nested -> mapping(nested, key + ".");
            case ScalarNode scalar -> sink.take(key, scalar.getValue(), origin(line(node)));
            case SequenceNode sequence -> {
                List<String> entries = new ArrayList<>();
                for (Node entry : sequence.getValue()) {
                    if (entry instanceof ScalarNode scalar) {
                        entries.add(scalar.getValue());
                    } else {
                        problem(key, line(entry), key + " takes a list of plain values");
                    }
                }
                sink.take(key, String.join(",", entries), origin(line(node)));
            }
            default -> problem(key, line(node), "aliases are not supported");
        }
    }

    private void problem(String key, int line, String sentence) {
        problems.add(new ConfigProblem(key, origin(line), sentence));
    }

    private Origin origin(int line) {
        return new Origin(Layer.FILE, line == 0 ? file.toString() : file + ":" + line);
    }

    private static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }
}
