package io.mainstay.access.service;

import io.mainstay.access.api.Access;
import io.mainstay.access.api.AccessLimits;
import io.mainstay.access.api.AccessOutcome;
import io.mainstay.access.api.AccessOutcome.Reason;
import io.mainstay.access.api.AccessOutcome.Refused;
import io.mainstay.access.api.HashAlgorithm;
import io.mainstay.access.api.Principal;
import io.mainstay.access.api.Role;
import io.mainstay.access.api.User;
import io.mainstay.access.api.UserSecret;
import io.mainstay.access.api.Verification;
import io.mainstay.access.command.AccessCommand;
import io.mainstay.access.command.AccessCommandCodec;
import io.mainstay.access.state.AccessMachine;
import io.mainstay.access.view.AccessView;
import io.mainstay.access.view.UserRecord;
import io.mainstay.common.NamespaceName;
import io.mainstay.kernel.group.Durability;
import io.mainstay.kernel.group.MachineId;
import io.mainstay.kernel.group.Outcome;
import io.mainstay.kernel.group.Proposal;
import io.mainstay.kernel.group.RaftGroup;
import io.mainstay.platform.Platform;
import io.mainstay.platform.Secrets;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/// [Access] over the machine in `meta`.
public final class AccessService implements Access {

    private static final Logger LOG = LoggerFactory.getLogger(AccessService.class);
    private static final int TOKEN_BYTES = 32;
    private static final int PASSWORD_BYTES = 18;

    private final AccessMachine machine;
    private final RaftGroup meta;
    private final HashWork work;
    private final VerifiedPasswords verified = new VerifiedPasswords();

    /// Checked for a user that is not there, so that the time of an answer does not tell who is.
    private volatile @Nullable String nobodysHash;

    private AccessService(AccessMachine machine, RaftGroup meta, HashWork work) {
        this.machine = machine;
        this.meta = meta;
        this.work = work;
    }

    /// @param meta the group that runs `machine`
    public static AccessService open(Platform platform, RaftGroup meta, AccessMachine machine) {
        return new AccessService(machine, meta, new HashWork(platform.threads()));
    }

    @Override
    public boolean required() {
        return !machine.view().users().isEmpty();
    }

    @Override
    public long revision() {
        return machine.view().revision();
    }

    @Override
    public void onChange(Runnable changed) {
        machine.onChange(changed);
    }

    @Override
    public Verification knownPassword(String name, String password) {
        if (!isCheckable(name, password)) {
            return new Verification.Denied();
        }
        UserRecord user = machine.view().users().get(name);
        return user != null && verified.known(name, password, user.passwordHash())
                ? granted(user)
                : new Verification.Unsure();
    }

    @Override
    public void checkPassword(String name, String password, Consumer<Verification> done) {
        if (!isCheckable(name, password)) {
            done.accept(new Verification.Denied());
        } else if (!work.submit(() -> done.accept(check(name, password)))) {
            done.accept(new Verification.Unavailable());
        }
    }

    private Verification check(String name, String password) {
        // Many requests of one client may have waited for the first of them.
        if (knownPassword(name, password) instanceof Verification.Granted known) {
            return known;
        }
        UserRecord user = machine.view().users().get(name);
        boolean matches =
                PasswordHash.matches(password, user == null ? nobodysHash() : user.passwordHash());
        if (user == null || !matches) {
            return new Verification.Denied();
        }
        verified.remember(name, password, user.passwordHash());
        if (!PasswordHash.isOurs(user.passwordHash())) {
            upgrade(user, password);
        }
        return granted(user);
    }

    /// A hash that came from RabbitMQ is one round of a fast digest: it is replaced as soon as the password is known.
    private void upgrade(UserRecord user, String password) {
        propose(
                new AccessCommand.UpgradeHash(
                        user.name(), user.passwordHash(), PasswordHash.of(password)),
                outcome -> {
                    if (!(outcome instanceof AccessOutcome.Done)) {
                        LOG.debug("The hash of {} stays as it is: {}", user.name(), outcome);
                    }
                });
    }

    private static boolean isCheckable(String name, String password) {
        return AccessLimits.isAnyName(name)
                && !password.isEmpty()
                && password.length() <= AccessLimits.MAX_PASSWORD_LENGTH;
    }

    private String nobodysHash() {
        String hash = nobodysHash;
        if (hash == null) {
            hash = PasswordHash.of(newToken());
            nobodysHash = hash;
        }
        return hash;
    }

    private static Verification granted(UserRecord user) {
        return new Verification.Granted(user.principal());
    }

    @Override
    public Verification token(String token) {
        Principal principal = machine.view().tokens().get(Tokens.digest(token));
        return principal == null ? new Verification.Denied() : new Verification.Granted(principal);
    }

    @Override
    public List<User> users() {
        return machine.view().users().values().stream().map(AccessView::visible).toList();
    }

    @Override
    public Optional<User> user(String name) {
        return Optional.ofNullable(machine.view().users().get(name)).map(AccessView::visible);
    }

    @Override
    public void putUser(String name, Role role, String password, Consumer<AccessOutcome> done) {
        withHash(name, password, done, hash -> new AccessCommand.PutUser(name, role, hash));
    }

    @Override
    public void putUser(
            String name,
            Role role,
            List<String> namespaces,
            String password,
            Consumer<AccessOutcome> done) {
        if (areNamespaces(namespaces, done)) {
            List<String> sorted = sorted(namespaces);
            withHash(
                    name,
                    password,
                    done,
                    hash -> new AccessCommand.PutBoundUser(name, role, sorted, hash));
        }
    }

    @Override
    public void changePassword(String name, String password, Consumer<AccessOutcome> done) {
        withHash(name, password, done, hash -> new AccessCommand.PutPassword(name, hash));
    }

    private void withHash(
            String name,
            String password,
            Consumer<AccessOutcome> done,
            Function<String, AccessCommand> command) {
        int length = password.length();
        if (length < AccessLimits.MIN_PASSWORD_LENGTH
                || length > AccessLimits.MAX_PASSWORD_LENGTH) {
            done.accept(
                    new Refused(
                            Reason.INVALID,
                            "a password has %d to %d characters, not %d"
                                    .formatted(
                                            AccessLimits.MIN_PASSWORD_LENGTH,
                                            AccessLimits.MAX_PASSWORD_LENGTH,
                                            length)));
        } else if (user(name).isPresent() || isName(name, done)) {
            hashing(done, () -> propose(command.apply(PasswordHash.of(password)), done));
        }
    }

    @Override
    public void changeRole(String name, Role role, Consumer<AccessOutcome> done) {
        if (isAnyName(name, done)) {
            propose(new AccessCommand.PutUser(name, role, ""), done);
        }
    }

    @Override
    public void changeRole(
            String name, Role role, List<String> namespaces, Consumer<AccessOutcome> done) {
        if (isAnyName(name, done) && areNamespaces(namespaces, done)) {
            propose(new AccessCommand.PutBoundUser(name, role, sorted(namespaces), ""), done);
        }
    }

    @Override
    public void changeNamespaces(
            String name, List<String> namespaces, Consumer<AccessOutcome> done) {
        if (isAnyName(name, done) && areNamespaces(namespaces, done)) {
            propose(new AccessCommand.PutNamespaces(name, sorted(namespaces)), done);
        }
    }

    private static List<String> sorted(List<String> namespaces) {
        return namespaces.stream().sorted().distinct().toList();
    }

    private static boolean areNamespaces(List<String> namespaces, Consumer<AccessOutcome> done) {
        if (namespaces.size() > AccessLimits.MAX_NAMESPACES_PER_USER) {
            done.accept(
                    new Refused(
                            Reason.INVALID,
                            "a user is bound to at most %d namespaces, not %d"
                                    .formatted(
                                            AccessLimits.MAX_NAMESPACES_PER_USER,
                                            namespaces.size())));
            return false;
        }
        boolean good = namespaces.stream().allMatch(NamespaceName::isGood);
        if (!good) {
            done.accept(new Refused(Reason.INVALID, "a namespace has " + NamespaceName.RULE));
        }
        return good;
    }

    @Override
    public void putTaggedUser(
            String name, List<String> tags, UserSecret secret, Consumer<AccessOutcome> done) {
        List<String> distinct = tags.stream().distinct().toList();
        if (!isAnyName(name, done)) {
            return;
        }
        if (distinct.size() > AccessLimits.MAX_TAGS_PER_USER
                || !distinct.stream().allMatch(AccessLimits::isAnyName)) {
            done.accept(
                    new Refused(
                            Reason.INVALID,
                            "a user has at most %d tags of %s"
                                    .formatted(
                                            AccessLimits.MAX_TAGS_PER_USER,
                                            AccessLimits.ANY_NAME_RULE)));
            return;
        }
        switch (secret) {
            case UserSecret.None none -> putTagged(name, distinct, PasswordHash.NONE, done);
            case UserSecret.Hashed(String word, String hash) -> {
                HashAlgorithm algorithm = HashAlgorithm.of(word);
                if (algorithm == null || !algorithm.fits(hash)) {
                    done.accept(new Refused(Reason.INVALID, noHash(word, algorithm)));
                } else {
                    putTagged(name, distinct, PasswordHash.kept(algorithm, hash), done);
                }
            }
            case UserSecret.Password(String text) -> {
                if (text.isEmpty() || text.length() > AccessLimits.MAX_PASSWORD_LENGTH) {
                    done.accept(
                            new Refused(
                                    Reason.INVALID,
                                    "a password has 1 to %d characters, not %d"
                                            .formatted(
                                                    AccessLimits.MAX_PASSWORD_LENGTH,
                                                    text.length())));
                } else {
                    hashing(done, () -> putTagged(name, distinct, PasswordHash.of(text), done));
                }
            }
        }
    }

    private static String noHash(String word, @Nullable HashAlgorithm algorithm) {
        String known =
                Arrays.stream(HashAlgorithm.values())
                        .map(HashAlgorithm::word)
                        .collect(Collectors.joining(", "));
        return algorithm == null
                ? "the hashing algorithm is '" + word + "', allowed: " + known
                : "the password hash is none of " + word;
    }

    private void putTagged(
            String name, List<String> tags, String hash, Consumer<AccessOutcome> done) {
        propose(new AccessCommand.PutTaggedUser(name, tags, hash), done);
    }

    private void hashing(Consumer<AccessOutcome> done, Runnable hashAndPropose) {
        if (!work.submit(hashAndPropose)) {
            done.accept(new Refused(Reason.UNAVAILABLE, "too many passwords wait to be hashed"));
        }
    }

    @Override
    public Optional<UserSecret.Hashed> hash(String name) {
        return Optional.ofNullable(machine.view().users().get(name))
                .flatMap(user -> PasswordHash.shown(user.passwordHash()));
    }

    @Override
    public void removeUser(String name, Consumer<AccessOutcome> done) {
        if (isAnyName(name, done)) {
            propose(new AccessCommand.RemoveUser(name), done);
        }
    }

    @Override
    public void putToken(String user, String label, String token, Consumer<AccessOutcome> done) {
        if (isAnyName(user, done) && isName(label, done)) {
            propose(new AccessCommand.PutToken(user, label, Tokens.digest(token)), done);
        }
    }

    @Override
    public void removeToken(String user, String label, Consumer<AccessOutcome> done) {
        if (isAnyName(user, done) && isName(label, done)) {
            propose(new AccessCommand.RemoveToken(user, label), done);
        }
    }

    @Override
    public String newToken() {
        return Secrets.text(TOKEN_BYTES);
    }

    @Override
    public String newPassword() {
        return Secrets.text(PASSWORD_BYTES);
    }

    private static boolean isName(String name, Consumer<AccessOutcome> done) {
        boolean good = AccessLimits.isName(name);
        if (!good) {
            done.accept(new Refused(Reason.INVALID, "a name has " + AccessLimits.NAME_RULE));
        }
        return good;
    }

    private static boolean isAnyName(String name, Consumer<AccessOutcome> done) {
        boolean good = AccessLimits.isAnyName(name);
        if (!good) {
            done.accept(new Refused(Reason.INVALID, "a name has " + AccessLimits.ANY_NAME_RULE));
        }
        return good;
    }

    private void propose(AccessCommand command, Consumer<AccessOutcome> done) {
        Proposal proposal =
                new Proposal(Durability.QUORUM_FSYNC, outcome -> done.accept(answer(outcome)));
        proposal.add(
                MachineId.ACCESS, AccessCommandCodec.VERSION, AccessCommandCodec.encode(command));
        switch (command) {
            case AccessCommand.PutUser put -> meta.propose(proposal);
            case AccessCommand.PutBoundUser put -> meta.propose(proposal);
            case AccessCommand.PutNamespaces put -> meta.propose(proposal);
            case AccessCommand.PutPassword put -> meta.propose(proposal);
            case AccessCommand.PutToken put -> meta.propose(proposal);
            case AccessCommand.PutTaggedUser put -> meta.propose(proposal);
            case AccessCommand.UpgradeHash upgrade -> meta.propose(proposal);
            case AccessCommand.RemoveUser remove -> meta.proposeFreeing(proposal);
            case AccessCommand.RemoveToken remove -> meta.proposeFreeing(proposal);
        }
    }

    private static AccessOutcome answer(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Applied applied -> (AccessOutcome) applied.replies().getFirst();
            case Outcome.Accepted accepted ->
                    throw new IllegalStateException("quorum-fsync is answered when applied");
            case Outcome.Refused refused ->
                    new Refused(Reason.UNAVAILABLE, refused.reason() + ": " + refused.message());
            case Outcome.Unknown unknown -> new AccessOutcome.Unknown(unknown.message());
        };
    }
}
