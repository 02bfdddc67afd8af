package io.mainstay.server.node;

import io.mainstay.access.api.Access;
import io.mainstay.access.api.AccessOutcome;
import io.mainstay.access.api.Role;
import io.mainstay.server.config.NodeConfig;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Makes an admin in the data directory of a node that does not run. Whoever may write that directory owns the node anyway, so
/// nothing else is asked for; and as no head is started nobody can come in between.
public final class FirstUser {

    private static final long WAIT_SECONDS = 60;

    private FirstUser() {}

    /// @param users there are users already, and nothing was changed
    /// @param password of the admin; empty if nothing was changed
    public record Made(int users, String password) {}

    /// Durable on return.
    ///
    /// @param password null: a random one
    /// @param anyway also if there are users; the one of that name gets the password and becomes an admin
    /// @throws IOException with a sentence for people
    public static Made make(
            NodeConfig config, String name, @Nullable String password, boolean anyway)
            throws IOException {
        try (Core core = Core.open(config)) {
            Access access = core.access();
            if (access.required() && !anyway) {
                return new Made(access.users().size(), "");
            }
            String chosen = password == null ? access.newPassword() : password;
            CompletableFuture<AccessOutcome> outcome = new CompletableFuture<>();
            access.putUser(name, Role.ADMIN, chosen, outcome::complete);
            check(outcome.get(WAIT_SECONDS, TimeUnit.SECONDS));
            return new Made(access.users().size(), chosen);
        } catch (TimeoutException | ExecutionException e) {
            throw new NodeStartException("the user was not made: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NodeStartException("interrupted; the user may have been made", e);
        }
    }

    private static void check(AccessOutcome outcome) throws NodeStartException {
        switch (outcome) {
            case AccessOutcome.Done done -> {}
            case AccessOutcome.NotFound notFound -> throw new NodeStartException("no such user");
            case AccessOutcome.Refused refused -> throw new NodeStartException(refused.why());
            case AccessOutcome.Unknown unknown ->
                    throw new NodeStartException(
                            "the user may or may not have been made: " + unknown.why());
        }
    }
}
