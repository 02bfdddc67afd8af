package io.mainstay.access.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.mainstay.access.api.AccessLimits;
import io.mainstay.access.api.AccessOutcome;
import io.mainstay.access.api.AccessOutcome.Done;
import io.mainstay.access.api.AccessOutcome.NotFound;
import io.mainstay.access.api.AccessOutcome.Reason;
import io.mainstay.access.api.AccessOutcome.Refused;
import io.mainstay.access.api.Principal;
import io.mainstay.access.api.Role;
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
import io.mainstay.access.command.Fields;
import io.mainstay.access.view.UserRecord;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// The machine alone: its rules, its bytes, and that a restored one goes on as the first would have.
class AccessMachineTest {

    private long offset;

    private AccessOutcome apply(AccessMachine machine, AccessCommand command) {
        offset++;
        AccessCommand read =
                machine.decode(AccessCommandCodec.VERSION, AccessCommandCodec.encode(command));
        assertThat(read).isEqualTo(command);
        AccessOutcome outcome = machine.apply(offset, offset * 10, read).reply();
        machine.publish(offset);
        return outcome;
    }

    private static AccessMachine restored(AccessMachine machine) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        machine.snapshot(
                part -> {
                    byte[] copy = new byte[part.remaining()];
                    part.get(copy);
                    bytes.writeBytes(copy);
                });
        AccessMachine other = new AccessMachine();
        other.restore(machine.snapshotVersion(), ByteBuffer.wrap(bytes.toByteArray()));
        other.publish(0);
        return other;
    }

    @Test
    void theFirstUserIsAnAdminAndTheLastAdminGoesLast() {
        AccessMachine machine = new AccessMachine();
        assertThat(apply(machine, new PutUser("app", Role.SERVICE, "h")))
                .isInstanceOfSatisfying(
                        Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.LAST_ADMIN));
        assertThat(apply(machine, new PutUser("root", Role.ADMIN, "h"))).isInstanceOf(Done.class);
        assertThat(apply(machine, new PutUser("app", Role.SERVICE, "h"))).isInstanceOf(Done.class);
        assertThat(apply(machine, new PutUser("root", Role.VIEWER, "")))
                .isInstanceOf(Refused.class);
        assertThat(apply(machine, new RemoveUser("root"))).isInstanceOf(Refused.class);
        assertThat(apply(machine, new RemoveUser("app"))).isInstanceOf(Done.class);
        assertThat(apply(machine, new RemoveUser("root"))).isInstanceOf(Done.class);
        assertThat(machine.view().users()).isEmpty();
    }

    @Test
    void aChangeOfRoleKeepsPasswordAndTokensAndNeedsTheUser() {
        AccessMachine machine = new AccessMachine();
        apply(machine, new PutUser("root", Role.ADMIN, "h"));
        apply(machine, new PutUser("ann", Role.VIEWER, "hash"));
        apply(machine, new PutToken("ann", "ci", "d1"));
        assertThat(apply(machine, new PutUser("ann", Role.OPERATOR, ""))).isInstanceOf(Done.class);
        assertThat(machine.view().users().get("ann"))
                .isNotNull()
                .extracting(UserRecord::passwordHash)
                .isEqualTo("hash");
        assertThat(machine.view().tokens())
                .containsEntry("d1", new Principal("ann", Role.OPERATOR, List.of()));
        assertThat(apply(machine, new PutUser("bob", Role.VIEWER, "")))
                .isInstanceOf(NotFound.class);
        apply(machine, new RemoveUser("ann"));
        assertThat(machine.view().tokens()).isEmpty();
    }

    @Test
    void aChangeOfPasswordKeepsTheRoleAndNeedsTheUser() {
        AccessMachine machine = new AccessMachine();
        apply(machine, new PutUser("root", Role.ADMIN, "h"));
        apply(machine, new PutUser("ann", Role.VIEWER, "hash"));
        assertThat(apply(machine, new PutPassword("ann", "other"))).isInstanceOf(Done.class);
        assertThat(machine.view().users().get("ann"))
                .extracting(UserRecord::role, UserRecord::passwordHash)
                .containsExactly(Role.VIEWER, "other");
        assertThat(apply(machine, new PutPassword("bob", "x"))).isInstanceOf(NotFound.class);
    }

    @Test
    void tokensOfAUserAreBounded() {
        AccessMachine machine = new AccessMachine();
        apply(machine, new PutUser("root", Role.ADMIN, "h"));
        for (int i = 0; i < AccessLimits.MAX_TOKENS_PER_USER; i++) {
            assertThat(apply(machine, new PutToken("root", "t" + i, "d" + i)))
                    .isInstanceOf(Done.class);
        }
        assertThat(apply(machine, new PutToken("root", "more", "d")))
                .isInstanceOfSatisfying(
                        Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.LIMIT));
        assertThat(apply(machine, new PutToken("root", "t0", "new"))).isInstanceOf(Done.class);
    }

    @Test
    void aRestoredMachineEqualsAndGoesOnAsTheFirst() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            AccessMachine first = new AccessMachine();
            for (int i = 0; i < 200; i++) {
                apply(first, any(random));
            }
            AccessMachine second = restored(first);
            assertThat(second.digest()).isEqualTo(first.digest());
            assertThat(second.view()).isEqualTo(first.view());
            for (int i = 0; i < 50; i++) {
                AccessCommand command = any(random);
                long before = offset;
                AccessOutcome outcome = apply(first, command);
                offset = before;
                assertThat(apply(second, command)).isEqualTo(outcome);
            }
            assertThat(second.digest()).isEqualTo(first.digest());
            boolean hasAdmin =
                    first.view().users().values().stream().anyMatch(u -> u.role() == Role.ADMIN);
            assertThat(first.view().users().isEmpty() || hasAdmin).isTrue();
            assertThat(first.view().users().values())
                    .allMatch(u -> u.role() != Role.ADMIN || u.namespaces().isEmpty());
        }
    }

    private static AccessCommand any(Random random) {
        String user = List.of("a", "b", "c", "d").get(random.nextInt(4));
        String label = List.of("x", "y").get(random.nextInt(2));
        Role role = Role.values()[random.nextInt(5)];
        return switch (random.nextInt(12)) {
            case 0, 1 ->
                    new PutUser(user, role, random.nextBoolean() ? "" : "h" + random.nextInt());
            case 2 -> new RemoveUser(user);
            case 6 -> new PutNamespaces(user, namespaces(random));
            case 7, 8 ->
                    new PutBoundUser(
                            user,
                            role,
                            namespaces(random),
                            random.nextBoolean() ? "" : "h" + random.nextInt());
            case 9, 10 -> new PutTaggedUser(user, tags(random), "h" + random.nextInt(3));
            case 11 -> new UpgradeHash(user, "h" + random.nextInt(3), "better");
            case 3 -> new PutToken(user, label, "d" + random.nextInt(1000));
            case 4 -> new PutPassword(user, "h" + random.nextInt());
            default -> new RemoveToken(user, label);
        };
    }

    private static List<String> tags(Random random) {
        return Stream.of("administrator", "monitoring", "own")
                .filter(_ -> random.nextBoolean())
                .toList();
    }

    private static List<String> namespaces(Random random) {
        return Stream.of("team-a", "team-b", "team-c").filter(_ -> random.nextBoolean()).toList();
    }

    @Test
    void aBindingStaysUntilItIsChangedAndEndsWithTheRoleOfAnAdmin() {
        AccessMachine machine = new AccessMachine();
        apply(machine, new PutUser("root", Role.ADMIN, "h"));
        assertThat(apply(machine, new PutBoundUser("shop", Role.SERVICE, List.of("a", "b"), "h")))
                .isInstanceOf(Done.class);
        apply(machine, new PutToken("shop", "ci", "d1"));
        apply(machine, new PutUser("shop", Role.OPERATOR, "other"));
        apply(machine, new PutPassword("shop", "third"));
        assertThat(machine.view().tokens())
                .containsEntry("d1", new Principal("shop", Role.OPERATOR, List.of("a", "b")));
        assertThat(apply(machine, new PutNamespaces("shop", List.of("c"))))
                .isInstanceOf(Done.class);
        assertThat(machine.view().tokens())
                .containsEntry("d1", new Principal("shop", Role.OPERATOR, List.of("c")));
        assertThat(apply(machine, new PutNamespaces("nobody", List.of())))
                .isInstanceOf(NotFound.class);
        apply(machine, new PutUser("shop", Role.ADMIN, ""));
        assertThat(machine.view().tokens())
                .containsEntry("d1", new Principal("shop", Role.ADMIN, List.of()));
    }

    @Test
    void anAdminIsNeverBound() {
        AccessMachine machine = new AccessMachine();
        assertThat(apply(machine, new PutBoundUser("root", Role.ADMIN, List.of("a"), "h")))
                .isInstanceOfSatisfying(
                        Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.INVALID));
        apply(machine, new PutBoundUser("root", Role.ADMIN, List.of(), "h"));
        assertThat(apply(machine, new PutNamespaces("root", List.of("a"))))
                .isInstanceOf(Refused.class);
        assertThat(apply(machine, new PutNamespaces("root", List.of()))).isInstanceOf(Done.class);
    }

    @Test
    void tagsGiveTheRoleAndGoWhenAnotherRoleIsGiven() {
        AccessMachine machine = new AccessMachine();
        assertThat(apply(machine, new PutTaggedUser("app", List.of(), "h")))
                .isInstanceOfSatisfying(
                        Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.LAST_ADMIN));
        apply(machine, new PutTaggedUser("root", List.of("administrator", "own"), "h"));
        apply(machine, new PutTaggedUser("mon", List.of("monitoring"), "h"));
        apply(machine, new PutTaggedUser("app", List.of(), "h"));
        assertThat(machine.view().users().values())
                .extracting(UserRecord::name, UserRecord::role, UserRecord::tags)
                .containsExactly(
                        tuple("app", Role.CLIENT, List.of()),
                        tuple("mon", Role.VIEWER, List.of()),
                        tuple("root", Role.ADMIN, List.of("administrator", "own")));
        assertThat(apply(machine, new PutTaggedUser("root", List.of("own"), "h")))
                .isInstanceOf(Refused.class);
        apply(machine, new PutUser("app", Role.ADMIN, ""));
        apply(machine, new PutUser("root", Role.VIEWER, ""));
        assertThat(machine.view().users().get("root"))
                .extracting(UserRecord::role, UserRecord::tags)
                .containsExactly(Role.VIEWER, List.of());
    }

    @Test
    void aRoleThatAmountsToTheTagsStaysWithItsNamespaces() {
        AccessMachine machine = new AccessMachine();
        apply(machine, new PutUser("root", Role.ADMIN, "h"));
        apply(machine, new PutBoundUser("shop", Role.SERVICE, List.of("a"), "h"));
        apply(machine, new PutUser("ops", Role.OPERATOR, "h"));
        apply(machine, new PutTaggedUser("shop", List.of(), "h2"));
        apply(machine, new PutTaggedUser("ops", List.of("policymaker", "monitoring"), "h2"));
        assertThat(machine.view().users().get("shop"))
                .extracting(UserRecord::role, UserRecord::namespaces, UserRecord::passwordHash)
                .containsExactly(Role.SERVICE, List.of("a"), "h2");
        assertThat(machine.view().users().get("ops"))
                .extracting(UserRecord::role, UserRecord::passwordHash)
                .containsExactly(Role.OPERATOR, "h2");
    }

    @Test
    void aBetterHashReplacesOnlyTheOneThatItIsOf() {
        AccessMachine machine = new AccessMachine();
        apply(machine, new PutTaggedUser("root", List.of("administrator"), "old"));
        apply(machine, new PutPassword("root", "changed"));
        assertThat(apply(machine, new UpgradeHash("root", "old", "better")))
                .isInstanceOf(NotFound.class);
        assertThat(apply(machine, new UpgradeHash("root", "changed", "better")))
                .isInstanceOf(Done.class);
        assertThat(machine.view().users().get("root"))
                .extracting(UserRecord::passwordHash)
                .isEqualTo("better");
    }

    /// Bytes as they were written before there were tags.
    @Test
    void aSnapshotOfTheSecondVersionIsRead() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Fields.number(out, 7);
        out.write(1);
        out.write(Role.SERVICE.number());
        Fields.text(out, "shop");
        Fields.text(out, "hash");
        Fields.number(out, 10);
        Fields.number(out, 20);
        out.write(0);
        Fields.texts(out, List.of("a"));
        out.write(0);
        AccessMachine machine = new AccessMachine();
        machine.restore(2, ByteBuffer.wrap(out.toByteArray()));
        machine.publish(0);
        assertThat(machine.view().users().get("shop"))
                .extracting(UserRecord::namespaces, UserRecord::tags)
                .containsExactly(List.of("a"), List.of());
        assertThat(restored(machine).view()).isEqualTo(machine.view());
    }

    /// Bytes as they were written before there were bindings.
    @Test
    void aSnapshotOfTheFirstVersionIsRead() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Fields.number(out, 7);
        out.write(1);
        out.write(Role.ADMIN.number());
        Fields.text(out, "root");
        Fields.text(out, "hash");
        Fields.number(out, 10);
        Fields.number(out, 20);
        out.write(1);
        Fields.text(out, "ci");
        Fields.text(out, "digest");
        out.write(0);
        AccessMachine machine = new AccessMachine();
        machine.restore(1, ByteBuffer.wrap(out.toByteArray()));
        machine.publish(0);
        assertThat(machine.view().revision()).isEqualTo(7);
        assertThat(machine.view().tokens())
                .containsEntry("digest", new Principal("root", Role.ADMIN, List.of()));
        assertThat(restored(machine).view()).isEqualTo(machine.view());
    }

    @Test
    void bytesThatAreNoCommandFailACheck() {
        assertThatThrownBy(() -> AccessCommandCodec.decode(1, ByteBuffer.wrap(new byte[] {10})))
                .hasMessageContaining("kind 10");
        assertThatThrownBy(
                        () ->
                                AccessCommandCodec.decode(
                                        1, ByteBuffer.wrap(new byte[] {2, 127, 127, 1})))
                .hasMessageContaining("32639 bytes where 1 are");
    }
}
