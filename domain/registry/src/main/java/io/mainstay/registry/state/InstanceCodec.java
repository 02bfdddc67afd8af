package io.mainstay.registry.state;

import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.Instance.Endpoint;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Lease;
import io.mainstay.registry.command.FieldReader;
import io.mainstay.registry.command.FieldWriter;

import java.util.SortedMap;

/// An instance in a snapshot: its fields in the order of the record, without namespace and service, which stand once before all
/// instances of a service.
final class InstanceCodec {
    private InstanceCodec() {}

    static void write(FieldWriter out, Instance i) {
        out.text(i.key().instanceId()).text(i.holder()).text(i.host()).text(i.ip());
        out.endpoint(i.port()).endpoint(i.securePort()).text(i.vip()).text(i.secureVip());
        out.text(i.zone()).number(i.weight());
        out.map(i.labels()).map(i.metadata()).map(i.attributes());
        out.status(i.declared()).status(i.override()).lease(i.lease());
        out.number(i.registeredMs()).number(i.upSinceMs()).number(i.changedMs());
        out.number(i.ownerStampMs()).number(i.revision()).number(i.registration());
    }

    static Instance read(FieldReader in, ServiceName name) {
        InstanceKey key = new InstanceKey(name.namespace(), name.service(), in.text());
        String holder = in.text();
        String host = in.text();
        String ip = in.text();
        Endpoint port = in.endpoint();
        Endpoint securePort = in.endpoint();
        String vip = in.text();
        String secureVip = in.text();
        String zone = in.text();
        int weight = (int) in.number();
        SortedMap<String, String> labels = in.map();
        SortedMap<String, String> metadata = in.map();
        SortedMap<String, String> attributes = in.map();
        InstanceStatus declared = in.status();
        InstanceStatus override = in.statusOrNull();
        Lease lease = in.lease();
        long registeredMs = in.number();
        long upSinceMs = in.number();
        long changedMs = in.number();
        long ownerStampMs = in.number();
        long revision = in.number();
        return new Instance(
                key,
                holder,
                host,
                ip,
                port,
                securePort,
                vip,
                secureVip,
                zone,
                weight,
                labels,
                metadata,
                attributes,
                declared,
                override,
                lease,
                registeredMs,
                upSinceMs,
                changedMs,
                ownerStampMs,
                revision,
                in.number());
    }
}
