package io.mainstay.access.command;

import io.mainstay.access.command.AccessCommand.PutBoundUser;
import io.mainstay.access.command.AccessCommand.PutNamespaces;
import io.mainstay.access.command.AccessCommand.PutPassword;
import io.mainstay.access.command.AccessCommand.PutTaggedUser;
import io.mainstay.access.command.AccessCommand.PutToken;
import io.mainstay.access.command.AccessCommand.PutUser;
import io.mainstay.access.command.AccessCommand.RemoveToken;
import io.mainstay.access.command.AccessCommand.RemoveUser;
import io.mainstay.access.command.AccessCommand.UpgradeHash;
import io.mainstay.common.Check;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// The bytes of commands, version 1: a kind, then the fields in the order of the record, see [Fields].
///
/// ```
/// 1 PutUser      role (1 byte), name, password hash
/// 2 RemoveUser   name
/// 3 PutToken     user, label, digest
/// 4 RemoveToken  user, label
/// 5 PutPassword  name, password hash
/// 6 PutBoundUser role (1 byte), name, namespaces, password hash
/// 7 PutNamespaces name, namespaces
/// 8 PutTaggedUser name, tags, password hash
/// 9 UpgradeHash   name, old hash, new hash
/// ```
/// A kind keeps its bytes for ever, so that every log that was written can be read; what needs other bytes gets a new kind.
public final class AccessCommandCodec {

    public static final int VERSION = 1;

    private AccessCommandCodec() {}

    public static ByteBuffer encode(AccessCommand command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(160);
        switch (command) {
            case PutUser put -> {
                out.write(1);
                out.write(put.role().number());
                Fields.text(out, put.name());
                Fields.text(out, put.passwordHash());
            }
            case RemoveUser remove -> {
                out.write(2);
                Fields.text(out, remove.name());
            }
            case PutToken put -> {
                out.write(3);
                Fields.text(out, put.user());
                Fields.text(out, put.label());
                Fields.text(out, put.digest());
            }
            case RemoveToken remove -> {
                out.write(4);
                Fields.text(out, remove.user());
                Fields.text(out, remove.label());
            }
            case PutPassword put -> {
                out.write(5);
                Fields.text(out, put.name());
                Fields.text(out, put.passwordHash());
            }
            case PutBoundUser put -> {
                out.write(6);
                out.write(put.role().number());
                Fields.text(out, put.name());
                Fields.texts(out, put.namespaces());
                Fields.text(out, put.passwordHash());
            }
            case PutNamespaces put -> {
                out.write(7);
                Fields.text(out, put.name());
                Fields.texts(out, put.namespaces());
            }
            case PutTaggedUser put -> {
                out.write(8);
                Fields.text(out, put.name());
                Fields.texts(out, put.tags());
                Fields.text(out, put.passwordHash());
            }
            case UpgradeHash upgrade -> {
                out.write(9);
                Fields.text(out, upgrade.name());
                Fields.text(out, upgrade.oldHash());
                Fields.text(out, upgrade.newHash());
            }
        }
        return ByteBuffer.wrap(out.toByteArray());
    }

    /// A failed check if the bytes are not a command of that version.
    public static AccessCommand decode(int version, ByteBuffer in) {
        Check.that(version == VERSION, "access command of version %d", version);
        int kind = in.get();
        return switch (kind) {
            case 1 -> {
                var role = Fields.role(in);
                yield new PutUser(Fields.text(in), role, Fields.text(in));
            }
            case 2 -> new RemoveUser(Fields.text(in));
            case 3 -> new PutToken(Fields.text(in), Fields.text(in), Fields.text(in));
            case 4 -> new RemoveToken(Fields.text(in), Fields.text(in));
            case 5 -> new PutPassword(Fields.text(in), Fields.text(in));
            case 6 -> {
                var role = Fields.role(in);
                yield new PutBoundUser(Fields.text(in), role, Fields.texts(in), Fields.text(in));
            }
            case 7 -> new PutNamespaces(Fields.text(in), Fields.texts(in));
            case 8 -> new PutTaggedUser(Fields.text(in), Fields.texts(in), Fields.text(in));
            case 9 -> new UpgradeHash(Fields.text(in), Fields.text(in), Fields.text(in));
            default -> throw new Check.BrokenAssumption("access command of kind " + kind);
        };
    }
}
