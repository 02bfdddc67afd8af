package io.mainstay.server.command;

import io.mainstay.cli.AdminCommand.Form;
import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;
import io.mainstay.kernel.journal.Journal.DamagedJournalException;
import io.mainstay.kernel.journal.JournalVerifier;
import io.mainstay.kernel.journal.VerifyReport;
import io.mainstay.platform.real.FileDisk;
import io.mainstay.server.config.NodeConfig;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/// `mainstay journal`: looks into the files of a node that is stopped; changes nothing.
@Command(
        name = "journal",
        description = "The journal of a stopped node; nothing is changed.",
        subcommands = {JournalCommand.Verify.class, JournalCommand.Stats.class},
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay journal verify --data mainstay-data",
            "  mainstay journal stats --data mainstay-data -o json"
        })
public final class JournalCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    /// What to do about a journal that is damaged, for every command that opens one.
    static CliException damaged(DamagedJournalException damaged, NodeConfig config) {
        return new CliException(
                ExitCode.FAILED,
                damaged.getMessage()
                        + ". 'mainstay journal verify --data "
                        + config.dataDir()
                        + "' lists all that is damaged.",
                damaged);
    }

    /// A command on the journal of one data directory.
    abstract static class OfDirectory implements Callable<Integer> {

        @Option(
                names = "--data",
                paramLabel = "DIR",
                defaultValue = "mainstay-data",
                description = "The node's data directory (default mainstay-data).")
        private Path data = Path.of("mainstay-data");

        @Option(
                names = {"-o", "--output"},
                paramLabel = "FORM",
                defaultValue = "table",
                description = "Form of the output: ${COMPLETION-CANDIDATES} (default table).")
        private Form form = Form.TABLE;

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Shows this help.")
        private boolean help;

        @Spec private @Nullable CommandSpec spec;

        @Override
        public final Integer call() {
            if (!Files.isDirectory(data)) {
                throw new CliException(
                        ExitCode.NOT_FOUND,
                        "there is no data directory "
                                + data
                                + ": name the one of 'mainstay start' with --data.");
            }
            try {
                VerifyReport report = JournalVerifier.verify(new FileDisk(data));
                CommandSpec present = spec;
                if (present != null) {
                    PrintWriter out = present.commandLine().getOut();
                    if (form == Form.JSON) {
                        out.println(Json.write(object(report)));
                    } else {
                        print(report, out);
                    }
                    out.flush();
                }
                return report.intact() ? ExitCode.OK : ExitCode.FAILED;
            } catch (IOException e) {
                throw new CliException(
                        ExitCode.FAILED, "the journal cannot be read: " + e.getMessage(), e);
            }
        }

        abstract void print(VerifyReport report, PrintWriter out);

        private static Map<String, Object> object(VerifyReport report) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("intact", report.intact());
            object.put("segments", report.segments());
            object.put("segmentBytes", report.segmentBytes());
            object.put("firstPosition", report.firstPosition());
            object.put("end", report.end());
            object.put("durableBelow", report.durableBelow());
            object.put("cleanStop", report.cleanStop());
            object.put("records", report.records());
            object.put("tailBytes", report.tailBytes());
            object.put("damages", report.damages().stream().map(OfDirectory::object).toList());
            object.put("groups", report.groups().stream().map(OfDirectory::object).toList());
            return object;
        }

        private static Map<String, Object> object(VerifyReport.Damage damage) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("file", damage.file());
            object.put("position", damage.position());
            object.put("from", damage.from());
            object.put("to", damage.to());
            object.put("reason", damage.reason());
            return object;
        }

        private static Map<String, Object> object(VerifyReport.GroupCount group) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("group", group.group());
            object.put("records", group.records());
            object.put("batches", group.batches());
            object.put("bytes", group.bytes());
            object.put("lastOffset", group.lastOffset());
            return object;
        }
    }

    /// `mainstay journal verify`
    @Command(
            name = "verify",
            description = "Reads every record; exit code 1 if something durable is damaged.",
            footerHeading = "%nExamples:%n",
            footer = {"  mainstay journal verify --data mainstay-data"})
    static final class Verify extends OfDirectory {
        @Override
        void print(VerifyReport report, PrintWriter out) {
            if (report.intact()) {
                out.println(
                        "The journal is intact: %d records in %d files, %d bytes behind the last mark."
                                .formatted(
                                        report.records(), report.segments(), report.tailBytes()));
                return;
            }
            out.println("The journal is damaged; what was durable there cannot be read:");
            Table table = new Table("position", "file", "from", "to", "reason");
            for (VerifyReport.Damage damage : report.damages()) {
                table.row(
                        damage.position(),
                        damage.file(),
                        damage.from(),
                        damage.to(),
                        damage.reason());
            }
            table.print(out);
        }
    }

    /// `mainstay journal stats`
    @Command(
            name = "stats",
            description = "Counts files, records and what each raft group has there.",
            footerHeading = "%nExamples:%n",
            footer = {"  mainstay journal stats --data mainstay-data"})
    static final class Stats extends OfDirectory {
        @Override
        void print(VerifyReport report, PrintWriter out) {
            out.println(
                    "%d files of %d bytes, %d records, positions %d to %d, %s"
                            .formatted(
                                    report.segments(),
                                    report.segmentBytes(),
                                    report.records(),
                                    report.firstPosition(),
                                    report.end(),
                                    report.cleanStop()
                                            ? "stopped in order"
                                            : "not stopped in order"));
            Table table = new Table("group", "records", "batches", "bytes", "last offset");
            for (VerifyReport.GroupCount group : report.groups()) {
                table.row(
                        group.group(),
                        group.records(),
                        group.batches(),
                        group.bytes(),
                        group.lastOffset());
            }
            table.print(out);
        }
    }
}
