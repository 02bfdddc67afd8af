package io.mainstay.registry.state;

import io.mainstay.common.Check;
import io.mainstay.kernel.group.StateMachine.SnapshotSink;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.command.FieldReader;
import io.mainstay.registry.command.FieldWriter;
import io.mainstay.registry.command.TextPool;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SortedMap;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/// The bytes of a machine's snapshot, version 1.
///
/// ```
/// protection enabled (1) | per service: namespace, service, revision, count, instances
/// ```
/// Services and instances in the order of their names, so equal states give equal bytes.
final class RegistrySnapshot {
    static final int VERSION = 1;

    /// Bytes gathered before they go to the sink.
    private static final int CHUNK_BYTES = 64 << 10;

    private RegistrySnapshot() {}

    static void write(
            boolean protectionEnabled,
            SortedMap<ServiceName, ServiceState> services,
            SnapshotSink sink) {
        FieldWriter out = new FieldWriter(CHUNK_BYTES + 4096);
        out.flag(protectionEnabled);
        for (Map.Entry<ServiceName, ServiceState> entry : services.entrySet()) {
            ServiceState service = entry.getValue();
            out.text(entry.getKey().namespace()).text(entry.getKey().service());
            out.number(service.revision).number(service.instances().size());
            for (Instance instance : service.instances()) {
                InstanceCodec.write(out, instance);
                if (out.bytes() >= CHUNK_BYTES) {
                    sink.write(out.take());
                }
            }
        }
        if (out.bytes() > 0) {
            sink.write(out.finish());
        }
    }

    /// Fills `services` and returns whether protection is enabled.
    static boolean read(
            int version,
            ByteBuffer section,
            TextPool texts,
            SortedMap<ServiceName, ServiceState> services) {
        Check.that(version == VERSION, "registry snapshot of version %d", version);
        FieldReader in = new FieldReader(section, texts);
        boolean protectionEnabled = in.flag();
        while (in.hasMore()) {
            String namespace = in.text();
            ServiceName name = new ServiceName(namespace, in.text());
            ServiceState service = new ServiceState();
            service.revision = in.number();
            int count = in.count(20);
            for (int i = 0; i < count; i++) {
                service.put(InstanceCodec.read(in, name));
            }
            services.put(name, service);
        }
        return protectionEnabled;
    }

    /// Two independent checksums over the bytes of the snapshot.
    static long digest(boolean protectionEnabled, SortedMap<ServiceName, ServiceState> services) {
        CRC32C low = new CRC32C();
        CRC32 high = new CRC32();
        write(
                protectionEnabled,
                services,
                bytes -> {
                    low.update(bytes.duplicate());
                    high.update(bytes);
                });
        return high.getValue() << 32 | low.getValue();
    }
}
