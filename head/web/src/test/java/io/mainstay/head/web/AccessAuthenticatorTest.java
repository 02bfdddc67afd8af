package io.mainstay.head.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.access.api.AccessOutcome;
import io.mainstay.access.api.Role;
import io.mainstay.access.service.AccessService;
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

/// Over a real `meta` group.
class AccessAuthenticatorTest {

    private static final Credentials ROOT = new Credentials.Basic("root", "root password");
    private static final Verdict ADMIN = new Verdict.Granted(new Principal("root", Role.ADMIN));

    @TempDir Path directory;

    private SegmentedJournal journal;
    private RaftGroups groups;
    private AccessService access;
    private AccessAuthenticator authenticator;

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
        authenticator = new AccessAuthenticator(access, false);
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

    @Test
    void withoutUsersEverybodyIsLetInWhereOnlyThisMachineCanReachTheNode() {
        assertThat(authenticator.required()).isFalse();
        assertThat(authenticator.known(ROOT)).isEqualTo(new Verdict.Granted(Principal.ANONYMOUS));
        AccessAuthenticator always = new AccessAuthenticator(access, true);
        assertThat(always.required()).isTrue();
        assertThat(always.known(new Credentials.Bearer("x"))).isEqualTo(new Verdict.Denied());
    }

    @Test
    void aPasswordIsUnsureUntilItWasCheckedAndATokenNever() throws Exception {
        AccessAuthenticatorTest.<AccessOutcome>ask(
                done -> access.putUser("root", Role.ADMIN, "root password", done));
        assertThat(authenticator.required()).isTrue();
        assertThat(authenticator.known(ROOT)).isEqualTo(new Verdict.Unsure());
        assertThat(AccessAuthenticatorTest.<Verdict>ask(done -> authenticator.check(ROOT, done)))
                .isEqualTo(ADMIN);
        assertThat(authenticator.known(ROOT)).isEqualTo(ADMIN);
        assertThat(
                        AccessAuthenticatorTest.<Verdict>ask(
                                done ->
                                        authenticator.check(
                                                new Credentials.Basic("root", "wrong"), done)))
                .isEqualTo(new Verdict.Denied());

        String token = access.newToken();
        AccessAuthenticatorTest.<AccessOutcome>ask(
                done -> access.putToken("root", "ci", token, done));
        assertThat(authenticator.known(new Credentials.Bearer(token))).isEqualTo(ADMIN);
        assertThat(authenticator.known(new Credentials.Bearer("x")))
                .isEqualTo(new Verdict.Denied());
    }
}
