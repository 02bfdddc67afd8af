package io.mainstay.access.api;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The users of the cluster. Thread-safe; nothing here blocks, and a consumer is called once, on any thread.
///
/// Without users everything is open; a node lets that happen on loopback only. With users at least one is an [Role#ADMIN].
public interface Access {

    /// Whether there are users.
    boolean required();

    /// Raft offset of the last change of users or tokens: what was found of credentials before may be otherwise since.
    long revision();

    /// `changed` runs after each change of users or tokens, when readers see it, on the thread that makes all changes: it must be quick and not throw.
    void onChange(Runnable changed);

    /// What is known of a password without hashing it: for event loops. Never [Verification.Granted] for a password that was changed
    /// since.
    Verification knownPassword(String user, String password);

    /// Checks a password by its hash, which takes tens of milliseconds, on another thread.
    void checkPassword(String user, String password, Consumer<Verification> done);

    /// Checks a token. Cheap: a token is random, so that a plain digest protects it.
    Verification token(String token);

    /// All users by name.
    List<User> users();

    Optional<User> user(String name);

    /// Makes the user, or changes role and password of the one that is there; its tokens and its
    /// namespaces stay. A new user is bound to no namespace, and who becomes an ADMIN is bound no more.
    void putUser(String name, Role role, String password, Consumer<AccessOutcome> done);

    /// As above, and binds the user to these namespaces only; none: to all. An ADMIN cannot be bound.
    void putUser(
            String name,
            Role role,
            List<String> namespaces,
            String password,
            Consumer<AccessOutcome> done);

    /// Changes the password only, whatever becomes of the role meanwhile.
    void changePassword(String name, String password, Consumer<AccessOutcome> done);

    /// Changes the role only; who becomes an ADMIN is bound to no namespace any more.
    void changeRole(String name, Role role, Consumer<AccessOutcome> done);

    /// Changes role and namespaces in one step, so that nobody is for a moment more than they shall be.
    void changeRole(String name, Role role, List<String> namespaces, Consumer<AccessOutcome> done);

    /// Binds the user to these namespaces only; none: to all. An ADMIN cannot be bound.
    void changeNamespaces(String name, List<String> namespaces, Consumer<AccessOutcome> done);

    /// Makes the user, or changes the one that is there, as RabbitMQ's management does: tags instead of a role. The role is the one that the tags
    /// amount to ([UserTags#role]), unless the user's present one amounts to the same tags: then it and the namespaces stay.
    ///
    /// @param name see [AccessLimits#isAnyName]
    void putTaggedUser(
            String name, List<String> tags, UserSecret secret, Consumer<AccessOutcome> done);

    /// The hash of a user's password, for definitions that are taken elsewhere: to be shown to an ADMIN only. Empty if there is no such user, or no
    /// password is right.
    Optional<UserSecret.Hashed> hash(String name);

    /// Removes a user and its tokens. The last admin goes last.
    void removeUser(String name, Consumer<AccessOutcome> done);

    /// Keeps a token under a label of its user, in place of an older one with that label. The token comes from
    /// [#newToken] and is never shown again.
    void putToken(String user, String label, String token, Consumer<AccessOutcome> done);

    void removeToken(String user, String label, Consumer<AccessOutcome> done);

    /// A fresh secret of 256 random bits.
    String newToken();

    /// A fresh password of 144 random bits that needs no quoting in a shell or URL.
    String newPassword();
}
