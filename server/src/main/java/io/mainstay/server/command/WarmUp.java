package io.mainstay.server.command;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

import java.io.PrintWriter;
import java.io.Writer;

/// Touches the classes of the usual commands while the cache of loaded classes is recorded.
final class WarmUp {

    /// A port where nobody answers, so that the way through the HTTP client is recorded without a node.
    private static final String NOBODY = "http://127.0.0.1:1";

    private WarmUp() {}

    static void run(CommandSpec root) {
        CommandLine line = root.commandLine();
        PrintWriter out = line.getOut();
        PrintWriter err = line.getErr();
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        line.setOut(nowhere).setErr(nowhere);
        line.execute("--help");
        line.execute("status", "--server", NOBODY);
        line.execute("registry", "services", "--server", NOBODY);
        line.execute("user", "list", "--server", NOBODY);
        line.execute("config", "show", "--effective");
        line.setOut(out).setErr(err);
    }
}
