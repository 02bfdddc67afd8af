package io.mainstay.cli.registry;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.Map;

/// `mainstay registry register`
@Command(
        name = "register",
        description = {
            "Registers an instance that cannot do so itself, for 24 h or for --lease; the same command again begins that time anew."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay registry register BILLING old-mainframe --host 10.0.0.9 --port 8080",
            "  mainstay registry register BILLING old-mainframe --host 10.0.0.9 --port 8080 --lease 3600 --metadata version=7"
        })
final class RegisterCommand extends RegistryAdminCommand {

    private static final int LONGEST_LEASE_SECONDS = 86_400;

    @Parameters(
            index = "0",
            paramLabel = "SERVICE",
            description = "Name of the service; taken in upper case.")
    private String service = "";

    @Parameters(index = "1", paramLabel = "ID", description = "Id of the instance.")
    private String id = "";

    @Option(
            names = "--host",
            paramLabel = "NAME",
            required = true,
            description = "Host name or address.")
    private String host = "";

    @Option(names = "--ip", paramLabel = "ADDRESS", description = "Address (default: the host).")
    private @Nullable String ip;

    @Option(names = "--port", paramLabel = "PORT", description = "Plain port.")
    private @Nullable Integer port;

    @Option(names = "--secure-port", paramLabel = "PORT", description = "TLS port.")
    private @Nullable Integer securePort;

    @Option(names = "--zone", paramLabel = "NAME", description = "Zone (default: none).")
    private @Nullable String zone;

    @Option(names = "--weight", paramLabel = "N", description = "0 to 10000 (default 100).")
    private @Nullable Integer weight;

    @Option(
            names = "--metadata",
            paramLabel = "KEY=VALUE",
            description = "One entry; may be repeated.")
    private Map<String, String> metadata = new LinkedHashMap<>();

    @Option(
            names = "--lease",
            paramLabel = "SECONDS",
            description = "How long it lives without a beat, 1 to 86400 (default 86400).")
    private int leaseSeconds = LONGEST_LEASE_SECONDS;

    @Override
    protected int run(AdminClient client) {
        if (port == null && securePort == null) {
            throw new CliException(ExitCode.USAGE, "--port, --secure-port or both are needed");
        }
        if (leaseSeconds < 1 || leaseSeconds > LONGEST_LEASE_SECONDS) {
            throw new CliException(
                    ExitCode.USAGE, "--lease is " + leaseSeconds + ", allowed: 1 to 86400 seconds");
        }
        Object answer = client.put(instance(service, id), body());
        done(
                answer,
                "registered %s of %s for %d s: register it again before they are over"
                        .formatted(id, service, leaseSeconds));
        return ExitCode.OK;
    }

    private Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("host", host);
        putIfGiven(body, "ip", ip);
        putIfGiven(body, "port", port);
        putIfGiven(body, "securePort", securePort);
        putIfGiven(body, "zone", zone);
        putIfGiven(body, "weight", weight);
        if (!metadata.isEmpty()) {
            body.put("metadata", metadata);
        }
        body.put("leaseDurationMs", leaseSeconds * 1_000);
        return body;
    }

    private static void putIfGiven(Map<String, Object> body, String name, @Nullable Object value) {
        if (value != null) {
            body.put(name, value);
        }
    }
}
