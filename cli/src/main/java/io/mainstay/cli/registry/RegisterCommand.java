package io.mainstay.cli.registry;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.Map;

/// `mainstay registry register`
@Command(
        name = "register",
        description = "Registers an instance by hand; it must be renewed within its lease.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay registry register LEGACY legacy-1 --host 10.0.0.9 --port 8080",
            "  mainstay registry register LEGACY legacy-1 --host 10.0.0.9 --port 8080 --lease 3600 --meta zone=a"
        })
final class RegisterCommand extends RegistryAdminCommand {

    @Parameters(index = "0", paramLabel = "SERVICE", description = "Name of the service.")
    private String service = "";

    @Parameters(index = "1", paramLabel = "ID", description = "Id of the instance.")
    private String id = "";

    @Option(names = "--host", required = true, paramLabel = "HOST", description = "Its host.")
    private String host = "";

    @Option(names = "--port", required = true, paramLabel = "PORT", description = "Its port.")
    private int port;

    @Option(
            names = "--lease",
            paramLabel = "SECONDS",
            defaultValue = "90",
            description = "It is dead so long after its last beat (default 90).")
    private int leaseSeconds;

    @Option(names = "--meta", paramLabel = "KEY=VALUE", description = "Metadata; may be repeated.")
    private Map<String, String> metadata = new LinkedHashMap<>();

    @Override
    protected int run(AdminClient client) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("host", host);
        body.put("port", port);
        body.put("leaseDurationMs", leaseSeconds * 1_000L);
        body.put("metadata", metadata);
        Object answer = client.put(instance(service, id), body);
        done(answer, "registered " + id + " of " + service);
        return ExitCode.OK;
    }
}
