package io.mainstay.access.state;

import io.mainstay.access.api.AccessLimits;
import io.mainstay.access.api.AccessOutcome;
import io.mainstay.access.api.AccessOutcome.Done;
import io.mainstay.access.api.AccessOutcome.NotFound;
import io.mainstay.access.api.AccessOutcome.Reason;
import io.mainstay.access.api.AccessOutcome.Refused;
import io.mainstay.access.api.Role;
import io.mainstay.access.api.UserTags;
import io.mainstay.access.command.AccessCommand;
import io.mainstay.access.command.AccessCommand.PutBoundUser;
import io.mainstay.access.command.AccessCommand.PutNamespaces;
import io.mainstay.access.command.AccessCommand.PutPassword;
import io.mainstay.access.command.AccessCommand.PutTaggedUser;
import io.mainstay.access.command.AccessCommand.PutToken;
import io.mainstay.access.command.AccessCommand.PutUser;
import io.mainstay.access.command.AccessCommand.RemoveToken;
import io.mainstay.access.command.AccessCommand.RemoveUser;
import io.mainstay.access.command.AccessCommand.UpgradeHash;
import io.mainstay.access.command.AccessCommandCodec;
import io.mainstay.access.view.AccessView;
import io.mainstay.access.view.UserRecord;
import io.mainstay.kernel.group.MachineId;
import io.mainstay.kernel.group.StateMachine;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Users in `meta`. Invariants: there is no user, or at least one is an admin; no admin is bound to namespaces.
///
/// Owned by the apply thread of `meta`; [#view] may be called by anybody.
public final class AccessMachine implements StateMachine<AccessCommand, AccessOutcome> {

    private final TreeMap<String, UserRecord> users = new TreeMap<>();
    private long revision;
    private boolean changed;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile AccessView view = AccessView.EMPTY;

    /// `listener` runs on the apply thread after readers see a change.
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public MachineId id() {
        return MachineId.ACCESS;
    }

    @Override
    public AccessCommand decode(int version, ByteBuffer command) {
        return AccessCommandCodec.decode(version, command);
    }

    @Override
    public Applied<AccessOutcome> apply(long offset, long timeMs, AccessCommand command) {
        AccessOutcome outcome =
                switch (command) {
                    case PutUser put ->
                            putUser(offset, timeMs, put, namespacesAfter(put.name(), put.role()));
                    case PutBoundUser put ->
                            put.role() == Role.ADMIN && !put.namespaces().isEmpty()
                                    ? adminBound(put.name())
                                    : putUser(
                                            offset,
                                            timeMs,
                                            new PutUser(put.name(), put.role(), put.passwordHash()),
                                            put.namespaces());
                    case PutNamespaces put -> putNamespaces(offset, timeMs, put);
                    case PutPassword put -> putPassword(offset, timeMs, put);
                    case PutTaggedUser put -> putTagged(offset, timeMs, put);
                    case UpgradeHash upgrade -> upgrade(offset, upgrade);
                    case RemoveUser remove -> removeUser(offset, remove);
                    case PutToken put -> putToken(offset, put);
                    case RemoveToken remove -> removeToken(offset, remove);
                };
        return Applied.of(outcome);
    }

    /// An admin is never bound: becoming one ends it, so that the way back in (`user init --reset`) is always open.
    private List<String> namespacesAfter(String name, Role role) {
        UserRecord old = users.get(name);
        return old == null || role == Role.ADMIN ? List.of() : old.namespaces();
    }

    private static Refused adminBound(String name) {
        return new Refused(
                Reason.INVALID,
                name + " is to be an ADMIN, who is in every namespace; others can be bound");
    }

    private AccessOutcome putNamespaces(long offset, long timeMs, PutNamespaces put) {
        UserRecord old = users.get(put.name());
        if (old == null) {
            return new NotFound();
        }
        if (old.role() == Role.ADMIN && !put.namespaces().isEmpty()) {
            return adminBound(put.name());
        }
        users.put(
                put.name(),
                new UserRecord(
                        old.name(),
                        old.role(),
                        put.namespaces(),
                        old.tags(),
                        old.passwordHash(),
                        old.tokens(),
                        old.createdMs(),
                        timeMs));
        return done(offset);
    }

    /// Tags that no longer amount to the role go.
    private AccessOutcome putUser(long offset, long timeMs, PutUser put, List<String> namespaces) {
        UserRecord old = users.get(put.name());
        List<String> tags =
                old == null || old.role() != put.role() ? List.<String>of() : old.tags();
        return putUser(offset, timeMs, put, namespaces, tags);
    }

    private AccessOutcome putUser(
            long offset, long timeMs, PutUser put, List<String> namespaces, List<String> tags) {
        UserRecord old = users.get(put.name());
        if (old == null && put.passwordHash().isEmpty()) {
            return new NotFound();
        }
        if (old == null && users.size() >= AccessLimits.MAX_USERS) {
            return new Refused(
                    Reason.LIMIT, "there are " + users.size() + " users, the most there may be");
        }
        if (put.role() != Role.ADMIN && !hasAdminBeside(put.name())) {
            return new Refused(
                    Reason.LAST_ADMIN, "one user at least must be an admin; make that one first");
        }
        String hash = put.passwordHash();
        users.put(
                put.name(),
                old == null
                        ? new UserRecord(
                                put.name(),
                                put.role(),
                                namespaces,
                                tags,
                                hash,
                                new TreeMap<>(),
                                timeMs,
                                timeMs)
                        : new UserRecord(
                                put.name(),
                                put.role(),
                                namespaces,
                                tags,
                                hash.isEmpty() ? old.passwordHash() : hash,
                                old.tokens(),
                                old.createdMs(),
                                timeMs));
        return done(offset);
    }

    /// The role follows the tags, but somebody whose role already amounts to them keeps what they are.
    private AccessOutcome putTagged(long offset, long timeMs, PutTaggedUser put) {
        UserRecord old = users.get(put.name());
        Role role = UserTags.role(put.tags());
        List<String> namespaces = List.of();
        if (old != null
                && Set.copyOf(UserTags.of(old.role(), old.tags())).equals(Set.copyOf(put.tags()))) {
            role = old.role();
            namespaces = old.namespaces();
        }
        List<String> tags = UserTags.of(role).equals(put.tags()) ? List.of() : put.tags();
        return putUser(
                offset,
                timeMs,
                new PutUser(put.name(), role, put.passwordHash()),
                namespaces,
                tags);
    }

    private AccessOutcome upgrade(long offset, UpgradeHash upgrade) {
        UserRecord old = users.get(upgrade.name());
        if (old == null || !old.passwordHash().equals(upgrade.oldHash())) {
            return new NotFound();
        }
        users.put(
                upgrade.name(),
                new UserRecord(
                        old.name(),
                        old.role(),
                        old.namespaces(),
                        old.tags(),
                        upgrade.newHash(),
                        old.tokens(),
                        old.createdMs(),
                        old.changedMs()));
        return done(offset);
    }

    private AccessOutcome putPassword(long offset, long timeMs, PutPassword put) {
        UserRecord old = users.get(put.name());
        if (old == null) {
            return new NotFound();
        }
        users.put(
                put.name(),
                new UserRecord(
                        old.name(),
                        old.role(),
                        old.namespaces(),
                        old.tags(),
                        put.passwordHash(),
                        old.tokens(),
                        old.createdMs(),
                        timeMs));
        return done(offset);
    }

    private AccessOutcome removeUser(long offset, RemoveUser remove) {
        UserRecord old = users.get(remove.name());
        if (old == null) {
            return new NotFound();
        }
        if (users.size() > 1 && !hasAdminBeside(remove.name())) {
            return new Refused(
                    Reason.LAST_ADMIN, remove.name() + " is the last admin of those who remain");
        }
        users.remove(remove.name());
        return done(offset);
    }

    private AccessOutcome putToken(long offset, PutToken put) {
        UserRecord user = users.get(put.user());
        if (user == null) {
            return new NotFound();
        }
        SortedMap<String, String> tokens = new TreeMap<>(user.tokens());
        tokens.put(put.label(), put.digest());
        if (tokens.size() > AccessLimits.MAX_TOKENS_PER_USER) {
            return new Refused(
                    Reason.LIMIT,
                    put.user() + " has " + user.tokens().size() + " tokens, the most there may be");
        }
        users.put(put.user(), user.with(tokens));
        return done(offset);
    }

    private AccessOutcome removeToken(long offset, RemoveToken remove) {
        UserRecord user = users.get(remove.user());
        if (user == null || !user.tokens().containsKey(remove.label())) {
            return new NotFound();
        }
        SortedMap<String, String> tokens = new TreeMap<>(user.tokens());
        tokens.remove(remove.label());
        users.put(remove.user(), user.with(tokens));
        return done(offset);
    }

    private boolean hasAdminBeside(String name) {
        return users.values().stream()
                .anyMatch(user -> user.role() == Role.ADMIN && !user.name().equals(name));
    }

    private AccessOutcome done(long offset) {
        revision = offset;
        changed = true;
        return new Done(offset);
    }

    @Override
    public void publish(long appliedOffset) {
        if (changed) {
            view = AccessView.of(revision, users);
            changed = false;
            listeners.forEach(Runnable::run);
        }
    }

    @Override
    public void snapshot(SnapshotSink sink) {
        sink.write(ByteBuffer.wrap(UserSnapshot.encode(revision, users)));
    }

    @Override
    public void restore(int version, ByteBuffer section) {
        users.clear();
        revision = UserSnapshot.decode(version, section, users);
        changed = true;
    }

    @Override
    public int snapshotVersion() {
        return UserSnapshot.VERSION;
    }

    /// FNV-1a of the snapshot.
    @Override
    public long digest() {
        long digest = 0xcbf29ce484222325L;
        for (byte b : UserSnapshot.encode(revision, users)) {
            digest = (digest ^ (b & 0xff)) * 0x100000001b3L;
        }
        return digest;
    }

    /// The users after the last published command.
    public AccessView view() {
        return view;
    }
}
