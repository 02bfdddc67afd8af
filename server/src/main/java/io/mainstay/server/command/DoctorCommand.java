package io.mainstay.server.command;

import io.mainstay.cli.AdminCommand.Form;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;
import io.mainstay.server.command.Finding.Level;
import io.mainstay.server.config.NodeConfig;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/// `mainstay doctor`: looks at this machine and the configuration before a node suffers from them.
@Command(
        name = "doctor",
        description = "Checks machine and configuration; exit code 1 if something is bad.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay doctor",
            "  mainstay doctor --data /var/lib/mainstay --config /etc/mainstay.yaml -o json"
        })
public final class DoctorCommand implements Callable<Integer> {

    private final NodeStarter starter;

    @Mixin private ConfigOptions options = new ConfigOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            defaultValue = "table",
            description = "Form of the output: ${COMPLETION-CANDIDATES} (default table).")
    private Form form = Form.TABLE;

    @Option(
            names = "--warm-up",
            hidden = true,
            description =
                    "Runs through what commands and a node need, so that a cache of classes can be made.")
    private boolean warmUp;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    @Spec private @Nullable CommandSpec spec;

    public DoctorCommand(NodeStarter starter) {
        this.starter = starter;
    }

    @Override
    public Integer call() {
        NodeConfig config = options.load();
        List<Finding> findings = new ArrayList<>(MachineChecks.all());
        findings.addAll(
                DiskChecks.all(
                        config.dataDir(),
                        config.journal().watermarkBytes(),
                        config.journal().segmentBytes()));
        findings.addAll(ConfigChecks.all(config, Instant.now()));
        CommandSpec present = spec;
        if (present != null) {
            print(findings, present.commandLine().getOut());
            if (warmUp) {
                WarmUp.run(present.root(), starter);
                return ExitCode.OK;
            }
        }
        return findings.stream().anyMatch(finding -> finding.level() == Level.BAD)
                ? ExitCode.FAILED
                : ExitCode.OK;
    }

    private void print(List<Finding> findings, PrintWriter out) {
        if (form == Form.JSON) {
            out.println(Json.write(findings.stream().map(DoctorCommand::object).toList()));
        } else {
            Table table = new Table("check", "state", "finding", "fix");
            for (Finding finding : findings) {
                table.row(finding.id(), word(finding), finding.cause(), finding.fix());
            }
            table.print(out);
        }
        out.flush();
    }

    private static Map<String, Object> object(Finding finding) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("id", finding.id());
        object.put("level", word(finding));
        object.put("cause", finding.cause());
        object.put("fix", finding.fix());
        return object;
    }

    private static String word(Finding finding) {
        return finding.level().name().toLowerCase(Locale.ROOT);
    }
}
