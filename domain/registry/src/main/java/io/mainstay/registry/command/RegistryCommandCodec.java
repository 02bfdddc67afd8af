package io.mainstay.registry.command;

import io.mainstay.common.Check;
import io.mainstay.registry.api.Instance.Endpoint;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Lease;
import io.mainstay.registry.api.Registration;
import io.mainstay.registry.command.RegistryCommand.Cancel;
import io.mainstay.registry.command.RegistryCommand.ClearOverride;
import io.mainstay.registry.command.RegistryCommand.EnableProtection;
import io.mainstay.registry.command.RegistryCommand.Evict;
import io.mainstay.registry.command.RegistryCommand.Override;
import io.mainstay.registry.command.RegistryCommand.PutMetadata;
import io.mainstay.registry.command.RegistryCommand.Register;

import java.nio.ByteBuffer;
import java.util.SortedMap;

/// The bytes of a command, version 1: one byte for the kind, then its fields in the order of the record, as [FieldWriter]
/// writes them.
public final class RegistryCommandCodec {

    /// The version that is written.
    public static final int VERSION = 1;

    private static final int REGISTER = 1;
    private static final int CANCEL = 2;
    private static final int EVICT = 3;
    private static final int OVERRIDE = 4;
    private static final int CLEAR_OVERRIDE = 5;
    private static final int PUT_METADATA = 6;
    private static final int ENABLE_PROTECTION = 7;

    private RegistryCommandCodec() {}

    public static ByteBuffer encode(RegistryCommand command) {
        FieldWriter out = new FieldWriter(command instanceof Register ? 768 : 128);
        switch (command) {
            case Register(Registration registration) -> {
                out.number(REGISTER);
                writeRegistration(out, registration);
            }
            case Cancel(InstanceKey key) -> out.number(CANCEL).key(key);
            case Evict(InstanceKey key, long registration) ->
                    out.number(EVICT).key(key).number(registration);
            case Override(InstanceKey key, InstanceStatus status) ->
                    out.number(OVERRIDE).key(key).status(status);
            case ClearOverride(InstanceKey key, InstanceStatus declared) ->
                    out.number(CLEAR_OVERRIDE).key(key).status(declared);
            case PutMetadata(InstanceKey key, SortedMap<String, String> entries) ->
                    out.number(PUT_METADATA).key(key).map(entries);
            case EnableProtection(boolean enabled) -> out.number(ENABLE_PROTECTION).flag(enabled);
        }
        return out.finish();
    }

    public static RegistryCommand decode(int version, ByteBuffer bytes, TextPool texts) {
        Check.that(version == VERSION, "registry command of version %d", version);
        FieldReader in = new FieldReader(bytes, texts);
        int kind = (int) in.number();
        RegistryCommand command =
                switch (kind) {
                    case REGISTER -> new Register(readRegistration(in));
                    case CANCEL -> new Cancel(in.key());
                    case EVICT -> new Evict(in.key(), in.number());
                    case OVERRIDE -> new Override(in.key(), in.status());
                    case CLEAR_OVERRIDE -> new ClearOverride(in.key(), in.status());
                    case PUT_METADATA -> new PutMetadata(in.key(), in.map());
                    case ENABLE_PROTECTION -> new EnableProtection(in.flag());
                    default -> throw new Check.BrokenAssumption("registry command " + kind);
                };
        Check.that(!in.hasMore(), "bytes behind registry command %d", kind);
        return command;
    }

    private static void writeRegistration(FieldWriter out, Registration r) {
        out.key(r.key()).text(r.holder()).text(r.host()).text(r.ip());
        out.endpoint(r.port()).endpoint(r.securePort()).text(r.vip()).text(r.secureVip());
        out.text(r.zone()).number(r.weight());
        out.map(r.labels()).map(r.metadata()).map(r.attributes());
        out.status(r.declared()).status(r.override()).lease(r.lease()).number(r.ownerStampMs());
    }

    private static Registration readRegistration(FieldReader in) {
        InstanceKey key = in.key();
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
        return new Registration(
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
                in.number());
    }
}
