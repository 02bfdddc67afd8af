package io.mainstay.client.internal;

import io.mainstay.client.Instance;
import io.mainstay.client.InstanceStatus;
import io.mainstay.client.Selector;
import io.mainstay.registry.v1.Port;
import io.mainstay.registry.v1.Status;

import java.util.Locale;
import java.util.TreeMap;

/// Between the client's records and the protocol's messages.
final class Wire {

    private Wire() {}

    /// How a service is called on the wire.
    static String service(String name) {
        return name.toUpperCase(Locale.ROOT);
    }

    static io.mainstay.registry.v1.Instance instance(Instance instance) {
        io.mainstay.registry.v1.Instance.Builder built =
                io.mainstay.registry.v1.Instance.newBuilder()
                        .setService(service(instance.service()))
                        .setInstanceId(instance.instanceId())
                        .setHost(instance.host())
                        .setIp(instance.ip())
                        .setZone(instance.zone())
                        .setWeight(instance.weight())
                        .putAllLabels(instance.labels())
                        .putAllMetadata(instance.metadata())
                        .setStatus(status(instance.status()));
        if (instance.port() > 0) {
            built.setPort(Port.newBuilder().setNumber(instance.port()).setEnabled(true));
        }
        if (instance.securePort() > 0) {
            built.setSecurePort(
                    Port.newBuilder().setNumber(instance.securePort()).setEnabled(true));
        }
        return built.build();
    }

    static Instance instance(io.mainstay.registry.v1.Instance told) {
        String ip = told.getIp().isBlank() ? told.getHost() : told.getIp();
        // Clients of other protocols may have registered one without a host.
        String host = !told.getHost().isBlank() ? told.getHost() : ip.isBlank() ? "unknown" : ip;
        return new Instance(
                told.getService(),
                told.getInstanceId(),
                host,
                ip,
                number(told.getPort()),
                number(told.getSecurePort()),
                told.getZone(),
                told.hasWeight() ? told.getWeight() : Instance.USUAL_WEIGHT,
                new TreeMap<>(told.getLabelsMap()),
                new TreeMap<>(told.getMetadataMap()),
                status(told.getStatus()),
                told.getRevision());
    }

    static io.mainstay.registry.v1.Selector selector(Selector selector) {
        return io.mainstay.registry.v1.Selector.newBuilder()
                .addAllZones(selector.zones().stream().sorted().toList())
                .putAllLabels(selector.labels())
                .build();
    }

    private static int number(Port port) {
        return port.getEnabled() ? port.getNumber() : 0;
    }

    private static Status status(InstanceStatus status) {
        return switch (status) {
            case UP -> Status.UP;
            case DOWN -> Status.DOWN;
            case STARTING -> Status.STARTING;
            case OUT_OF_SERVICE -> Status.OUT_OF_SERVICE;
            case UNKNOWN -> Status.STATUS_UNKNOWN;
        };
    }

    private static InstanceStatus status(Status status) {
        return switch (status) {
            case UP -> InstanceStatus.UP;
            case DOWN -> InstanceStatus.DOWN;
            case STARTING -> InstanceStatus.STARTING;
            case OUT_OF_SERVICE -> InstanceStatus.OUT_OF_SERVICE;
            case STATUS_UNSPECIFIED, STATUS_UNKNOWN, UNRECOGNIZED -> InstanceStatus.UNKNOWN;
        };
    }
}
