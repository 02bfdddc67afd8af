package io.mainstay.access.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mainstay.access.api.AccessOutcome;
import io.mainstay.access.api.Principal;
import io.mainstay.access.api.Role;
import io.mainstay.access.api.UserSecret;
import io.mainstay.access.api.Verification;
import io.mainstay.access.state.AccessMachine;
import io.mainstay.kernel.group.RaftGroups;
import io.mainstay.kernel.group.RaftGroupsConfig;
import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.RealPlatform;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Users on a real `meta` group and a real disk.
class AccessServiceTest {

    @TempDir Path directory;

    private SegmentedJournal journal;
    private RaftGroups groups;
    private AccessService access;

    @BeforeEach
    void open() throws Exception {
        Platform platform = RealPlatform.at(directory);
        AccessMachine machine = new AccessMachine();
        journal = SegmentedJournal.open(new JournalConfig(1 << 20, 0), platform);
        groups =
                RaftGroups.open(
                        new RaftGroupsConfig(1, 1, Long.MAX_VALUE, Duration.ofHours(1), 16L << 20),
                        platform,
                        journal,
                        id -> id == 0 ? List.of(machine) : List.of());
        groups.start();
        assertThat(groups.awaitReady(Duration.ofSeconds(60))).isTrue();
        access = AccessService.open(platform, groups.group(0), machine);
    }

    @AfterEach
    void close() throws Exception {
        groups.close();
        journal.close();
    }

    private static <T> T ask(Consumer<Consumer<T>> call) throws Exception {
        CompletableFuture<T> answer = new CompletableFuture<>();
        call.accept(answer::complete);
        return answer.get(60, TimeUnit.SECONDS);
    }

    private AccessOutcome put(String name, Role role, String password) throws Exception {
        return ask(done -> access.putUser(name, role, password, done));
    }

    private Verification check(String name, String password) throws Exception {
        return ask(done -> access.checkPassword(name, password, done));
    }

    @Test
    void aPasswordIsHashedOnceAndKnownUntilItChanges() throws Exception {
        assertThat(access.required()).isFalse();
        assertThat(put("root", Role.ADMIN, "first password"))
                .isInstanceOf(AccessOutcome.Done.class);
        assertThat(access.required()).isTrue();
        assertThat(access.knownPassword("root", "first password"))
                .isInstanceOf(Verification.Unsure.class);
        assertThat(check("root", "first password")).isInstanceOf(Verification.Granted.class);
        assertThat(access.knownPassword("root", "first password"))
                .isInstanceOf(Verification.Granted.class);
        assertThat(check("root", "another password")).isInstanceOf(Verification.Denied.class);
        assertThat(check("nobody", "first password")).isInstanceOf(Verification.Denied.class);

        put("root", Role.ADMIN, "second password");
        assertThat(access.knownPassword("root", "first password"))
                .isInstanceOf(Verification.Unsure.class);
        assertThat(check("root", "first password")).isInstanceOf(Verification.Denied.class);
        assertThat(check("root", "second password")).isInstanceOf(Verification.Granted.class);
    }

    @Test
    void tokensComeAndGoAndUsersAreThereAfterARestart() throws Exception {
        put("root", Role.ADMIN, "first password");
        String token = access.newToken();
        assertThat(
                        AccessServiceTest.<AccessOutcome>ask(
                                d -> access.putToken("root", "ci", token, d)))
                .isInstanceOf(AccessOutcome.Done.class);
        close();
        open();
        assertThat(access.token(token)).isInstanceOf(Verification.Granted.class);
        assertThat(access.token(token + "x")).isInstanceOf(Verification.Denied.class);
        assertThat(check("root", "first password")).isInstanceOf(Verification.Granted.class);
        assertThat(access.user("root").orElseThrow().tokens()).containsExactly("ci");
        AccessServiceTest.<AccessOutcome>ask(d -> access.removeToken("root", "ci", d));
        assertThat(access.token(token)).isInstanceOf(Verification.Denied.class);
    }

    @Test
    void namespacesAreSortedBoundedAndCheckedAndKeptOverARestart() throws Exception {
        put("root", Role.ADMIN, "first password");
        AccessOutcome made =
                ask(
                        done ->
                                access.putUser(
                                        "shop",
                                        Role.SERVICE,
                                        List.of("team-b", "team-a", "team-b"),
                                        "shop password",
                                        done));
        assertThat(made).isInstanceOf(AccessOutcome.Done.class);
        close();
        open();
        assertThat(check("shop", "shop password"))
                .isEqualTo(
                        new Verification.Granted(
                                new Principal("shop", Role.SERVICE, List.of("team-a", "team-b"))));
        assertThat(bind("shop", List.of("../x"))).isInstanceOf(AccessOutcome.Refused.class);
        assertThat(bind("shop", IntStream.range(0, 33).mapToObj(i -> "n" + i).toList()))
                .isInstanceOfSatisfying(
                        AccessOutcome.Refused.class,
                        refused -> assertThat(refused.why()).contains("at most 32", "not 33"));
        assertThat(bind("shop", List.of())).isInstanceOf(AccessOutcome.Done.class);
        assertThat(access.user("shop").orElseThrow().namespaces()).isEmpty();
    }

    private AccessOutcome bind(String name, List<String> namespaces) throws Exception {
        return ask(done -> access.changeNamespaces(name, namespaces, done));
    }

    private AccessOutcome tagged(String name, List<String> tags, UserSecret secret)
            throws Exception {
        return ask(done -> access.putTaggedUser(name, tags, secret, done));
    }

    /// Made with other tools from the salt 01020304 and the password `guest`.
    @Test
    void hashesOfRabbitAreCheckedAndThenReplaced() throws Exception {
        List<UserSecret.Hashed> hashes =
                List.of(
                        new UserSecret.Hashed(
                                "rabbit_password_hashing_sha256",
                                "AQIDBEMMOXwY6PKx/JKP9PAqfsb4ozuD0Ta3pxxa9gEYBMmD"),
                        new UserSecret.Hashed(
                                "rabbit_password_hashing_sha512",
                                "AQIDBANSvkE51MvG7pNDq4NjmP8SFay7rWsolg//30q7jnApCiuE049JxchapptDh7ryvu/VdvUXYHbwdpa9veVAv14="),
                        new UserSecret.Hashed(
                                "rabbit_password_hashing_md5", "AQIDBH/JkOf0oGZ5yhQgSBXkHS0="));
        for (UserSecret.Hashed hash : hashes) {
            assertThat(tagged("a user of old", List.of("administrator"), hash))
                    .isInstanceOf(AccessOutcome.Done.class);
            assertThat(access.hash("a user of old")).contains(hash);
            assertThat(check("a user of old", "Guest")).isInstanceOf(Verification.Denied.class);
            assertThat(check("a user of old", "guest"))
                    .isEqualTo(
                            new Verification.Granted(
                                    new Principal("a user of old", Role.ADMIN, List.of())));
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    access.hash("a user of old")
                                                            .orElseThrow()
                                                            .algorithm())
                                            .isEqualTo("mainstay_argon2id"));
            assertThat(check("a user of old", "guest")).isInstanceOf(Verification.Granted.class);
        }
        UserSecret.Hashed ours = access.hash("a user of old").orElseThrow();
        tagged("copy", List.of(), ours);
        assertThat(check("copy", "guest"))
                .isEqualTo(new Verification.Granted(new Principal("copy", Role.CLIENT, List.of())));
    }

    @Test
    void usersOfRabbitMayHaveShortPasswordsOrNone() throws Exception {
        tagged("guest", List.of("administrator"), new UserSecret.Password("x"));
        assertThat(check("guest", "x")).isInstanceOf(Verification.Granted.class);
        tagged("app", List.of("own"), new UserSecret.None());
        assertThat(check("app", "none:")).isInstanceOf(Verification.Denied.class);
        assertThat(access.hash("app")).isEmpty();
        assertThat(access.user("app").orElseThrow().tags()).containsExactly("own");
        for (UserSecret bad :
                List.of(
                        new UserSecret.Password(""),
                        new UserSecret.Hashed("rabbit_password_hashing_sha256", "AAAA"),
                        new UserSecret.Hashed("rot13", "AAAA"),
                        new UserSecret.Hashed(
                                "mainstay_argon2id",
                                "$argon2id$v=19$m=99999999,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                                        + "A".repeat(43)))) {
            assertThat(tagged("bad", List.of(), bad)).isInstanceOf(AccessOutcome.Refused.class);
        }
        assertThat(tagged("tab\t", List.of(), new UserSecret.None()))
                .isInstanceOf(AccessOutcome.Refused.class);
    }

    @Test
    void badNamesAndShortPasswordsAreRefused() throws Exception {
        assertThat(put("a:b", Role.ADMIN, "long enough")).isInstanceOf(AccessOutcome.Refused.class);
        assertThat(put("root", Role.ADMIN, "short")).isInstanceOf(AccessOutcome.Refused.class);
        assertThat(access.knownPassword("a\nb", "x")).isInstanceOf(Verification.Denied.class);
    }
}
