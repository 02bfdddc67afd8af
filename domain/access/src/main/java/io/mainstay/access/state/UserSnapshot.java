package io.mainstay.access.state;

import io.mainstay.access.api.Role;
import io.mainstay.access.command.Fields;
import io.mainstay.access.view.UserRecord;
import io.mainstay.common.Check;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The bytes of a snapshot, version 3: revision, then for each user in order of names
/// `1, role, name, password hash, created, changed, token count (1 byte), (label, digest)…, namespaces, tags`, then `0`.
/// Version 2 has no tags, version 1 no namespaces either; they are read and no longer written.
final class UserSnapshot {

    static final int VERSION = 3;

    private UserSnapshot() {}

    static byte[] encode(long revision, SortedMap<String, UserRecord> users) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        Fields.number(out, revision);
        for (UserRecord user : users.values()) {
            out.write(1);
            out.write(user.role().number());
            Fields.text(out, user.name());
            Fields.text(out, user.passwordHash());
            Fields.number(out, user.createdMs());
            Fields.number(out, user.changedMs());
            out.write(user.tokens().size());
            user.tokens()
                    .forEach(
                            (label, digest) -> {
                                Fields.text(out, label);
                                Fields.text(out, digest);
                            });
            Fields.texts(out, user.namespaces());
            Fields.texts(out, user.tags());
        }
        out.write(0);
        return out.toByteArray();
    }

    /// Fills `users`, which is empty, and returns the revision.
    static long decode(int version, ByteBuffer in, SortedMap<String, UserRecord> users) {
        Check.that(version >= 1 && version <= VERSION, "users of version %d", version);
        long revision = in.getLong();
        while (in.get() != 0) {
            Role role = Fields.role(in);
            String name = Fields.text(in);
            String hash = Fields.text(in);
            long createdMs = in.getLong();
            long changedMs = in.getLong();
            int count = in.get() & 0xff;
            SortedMap<String, String> tokens = new TreeMap<>();
            for (int i = 0; i < count; i++) {
                tokens.put(Fields.text(in), Fields.text(in));
            }
            List<String> namespaces = version == 1 ? List.of() : Fields.texts(in);
            List<String> tags = version <= 2 ? List.of() : Fields.texts(in);
            users.put(
                    name,
                    new UserRecord(
                            name, role, namespaces, tags, hash, tokens, createdMs, changedMs));
        }
        return revision;
    }
}
