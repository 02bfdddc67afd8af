package io.mainstay.head.grpc;

import io.mainstay.registry.api.ChangeOutcome;
import io.mainstay.registry.api.Instance.Endpoint;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Registration;
import io.mainstay.registry.push.Delta;
import io.mainstay.registry.session.Session;
import io.mainstay.registry.v1.Beat;
import io.mainstay.registry.v1.Instance;
import io.mainstay.registry.v1.Lost;
import io.mainstay.registry.v1.Port;
import io.mainstay.registry.v1.Result;
import io.mainstay.registry.v1.ServerFrame;
import io.mainstay.registry.v1.Services;
import io.mainstay.registry.v1.Status;
import io.mainstay.registry.v1.Update;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/// Between the protocol's messages and the registry's records.
final class Frames {

    /// The answer to a beat that asks for one.
    static final byte[] BEAT =
            ServerFrame.newBuilder().setBeat(Beat.getDefaultInstance()).build().toByteArray();

    private static final int USUAL_WEIGHT = 100;

    private Frames() {}

    /// What the owner of `session` wants registered. Its holder is the client, its lease the session's.
    static Registration registration(Session session, Instance wanted) {
        SortedMap<String, String> none = Collections.emptySortedMap();
        String host = wanted.getHost();
        return new Registration(
                key(session, wanted.getService(), wanted.getInstanceId()),
                session.clientId(),
                host,
                wanted.getIp().isEmpty() ? host : wanted.getIp(),
                endpoint(wanted.getPort()),
                endpoint(wanted.getSecurePort()),
                wanted.getService().toLowerCase(Locale.ROOT),
                wanted.getService().toLowerCase(Locale.ROOT),
                wanted.getZone(),
                wanted.hasWeight() ? wanted.getWeight() : USUAL_WEIGHT,
                new TreeMap<>(wanted.getLabelsMap()),
                new TreeMap<>(wanted.getMetadataMap()),
                none,
                status(wanted.getStatus()),
                null,
                session.terms().lease(),
                0);
    }

    static InstanceKey key(Session session, String service, String instanceId) {
        return new InstanceKey(session.namespace(), service.toUpperCase(Locale.ROOT), instanceId);
    }

    private static Endpoint endpoint(Port port) {
        return new Endpoint(port.getNumber(), port.getEnabled());
    }

    private static InstanceStatus status(Status status) {
        return switch (status) {
            case UP, STATUS_UNSPECIFIED -> InstanceStatus.UP;
            case DOWN -> InstanceStatus.DOWN;
            case STARTING -> InstanceStatus.STARTING;
            case OUT_OF_SERVICE -> InstanceStatus.OUT_OF_SERVICE;
            case STATUS_UNKNOWN, UNRECOGNIZED -> InstanceStatus.UNKNOWN;
        };
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

    /// The bytes of an update, the same for everybody who gets this delta.
    static byte[] update(Delta delta) {
        Update.Builder update =
                Update.newBuilder()
                        .setService(delta.service())
                        .setFromRevision(delta.fromRevision())
                        .setToRevision(delta.toRevision())
                        .setFull(delta.full())
                        .addAllRemoved(delta.removed());
        delta.put().forEach(instance -> update.addPut(instance(instance)));
        return ServerFrame.newBuilder().setUpdate(update).build().toByteArray();
    }

    private static Instance instance(io.mainstay.registry.api.Instance held) {
        return Instance.newBuilder()
                .setService(held.key().service())
                .setInstanceId(held.key().instanceId())
                .setHost(held.host())
                .setIp(held.ip())
                .setPort(port(held.port()))
                .setSecurePort(port(held.securePort()))
                .setZone(held.zone())
                .setWeight(held.weight())
                .putAllLabels(held.labels())
                .putAllMetadata(held.metadata())
                .setStatus(status(held.status()))
                .setRevision(held.revision())
                .build();
    }

    private static Port port(Endpoint endpoint) {
        return Port.newBuilder()
                .setNumber(endpoint.number())
                .setEnabled(endpoint.enabled())
                .build();
    }

    static byte[] result(long requestId, ChangeOutcome outcome) {
        Result.Builder result = Result.newBuilder().setRequestId(requestId);
        switch (outcome) {
            case ChangeOutcome.Done(long revision) ->
                    result.setCode(Result.Code.DONE).setRevision(revision);
            case ChangeOutcome.NotFound notFound ->
                    result.setCode(Result.Code.NOT_FOUND).setMessage("There is no such instance.");
            case ChangeOutcome.Refused refused ->
                    result.setCode(
                                    switch (refused.reason()) {
                                        case INVALID -> Result.Code.INVALID;
                                        case LIMIT -> Result.Code.LIMIT;
                                        case STALE, UNAVAILABLE -> Result.Code.UNAVAILABLE;
                                    })
                            .setMessage(refused.why());
            case ChangeOutcome.Unknown unknown ->
                    result.setCode(Result.Code.UNKNOWN).setMessage(unknown.why());
        }
        return ServerFrame.newBuilder().setResult(result).build().toByteArray();
    }

    static byte[] services(long requestId, Iterable<String> names) {
        return ServerFrame.newBuilder()
                .setServices(Services.newBuilder().setRequestId(requestId).addAllNames(names))
                .build()
                .toByteArray();
    }

    static byte[] lost(List<InstanceKey> keys) {
        Lost.Builder lost = Lost.newBuilder();
        keys.forEach(
                key ->
                        lost.addInstances(
                                Lost.Key.newBuilder()
                                        .setService(key.service())
                                        .setInstanceId(key.instanceId())));
        return ServerFrame.newBuilder().setLost(lost).build().toByteArray();
    }
}
