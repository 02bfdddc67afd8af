package io.mainstay.server.command;

import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Table;
import io.mainstay.head.web.PortUnavailableException;
import io.mainstay.kernel.journal.Journal.DamagedJournalException;
import io.mainstay.server.config.NodeConfig;
import io.mainstay.server.node.Logs;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/// `mainstay start`: a node in the foreground until SIGTERM or Ctrl-C.
@Command(
        name = "start",
        description = "Runs a node in the foreground; SIGTERM or Ctrl-C ends it in order.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay start",
            "  mainstay start --data /var/lib/mainstay --config /etc/mainstay.yaml",
            "  mainstay start -X http.port=0 -X eureka.port=0 -X grpc.port=0 --ready-file ready.json"
        })
public final class StartCommand implements Callable<Integer> {

    private final NodeStarter starter;

    @Mixin private ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--ready-file",
            paramLabel = "FILE",
            description = "Gets one JSON object with all addresses when the node is ready.")
    private @Nullable Path readyFile;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    @Spec private @Nullable CommandSpec spec;

    public StartCommand(NodeStarter starter) {
        this.starter = starter;
    }

    @Override
    public Integer call() {
        NodeConfig config = options.load();
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        Logs.configure(config.log().json(terminal), config.log().level());
        CountDownLatch ended = new CountDownLatch(1);
        try {
            if (readyFile != null) {
                Files.deleteIfExists(readyFile);
            }
            StartedNode node = starter.start(config);
            Runtime.getRuntime()
                    .addShutdownHook(
                            Thread.ofPlatform().name("stop").unstarted(() -> stop(node, ended)));
            print(node.addresses(), config);
            if (readyFile != null) {
                ReadyFile.write(readyFile, node.addresses());
            }
            ended.await();
            return ExitCode.OK;
        } catch (PortUnavailableException taken) {
            throw new CliException(ExitCode.CONFLICT, sentence(taken), taken);
        } catch (DamagedJournalException damaged) {
            throw JournalCommand.damaged(damaged, config);
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, sentence(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        }
    }

    private static void stop(StartedNode node, CountDownLatch ended) {
        try {
            node.close();
        } finally {
            ended.countDown();
        }
    }

    private static String sentence(IOException failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }

    private void print(Map<String, String> addresses, NodeConfig config) {
        CommandSpec present = spec;
        if (present == null) {
            return;
        }
        PrintWriter out = present.commandLine().getOut();
        out.println("Mainstay " + VersionCommand.version() + " is ready.");
        out.println();
        Table table = new Table("head", "address");
        addresses.forEach(table::row);
        table.print(out);
        out.println();
        String http = addresses.get("http");
        if (http != null) {
            out.println("Console    " + http);
            out.println("Admin API  " + http + "/api/v1/overview");
        }
        out.println("Data       " + config.dataDir().toAbsolutePath().normalize());
        out.println();
        out.println("Next:");
        String server = http == null || http.endsWith(":8700") ? "" : " --server " + http;
        out.println("  mainstay status" + server);
        out.println("  mainstay registry services" + server);
        out.println("  mainstay registry watch" + server);
        out.flush();
    }
}
