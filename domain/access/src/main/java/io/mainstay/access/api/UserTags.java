package io.mainstay.access.api;

import java.util.List;

/// The words by which RabbitMQ's management says what a user may do, and our roles. A user that was made there has tags and the role that they
/// amount to; one that was made here has a role and the tags that it amounts to.
public final class UserTags {

    public static final String ADMINISTRATOR = "administrator";
    public static final String MONITORING = "monitoring";
    public static final String POLICYMAKER = "policymaker";
    public static final String MANAGEMENT = "management";

    /// May publish in the name of others: it says nothing about roles.
    public static final String IMPERSONATOR = "impersonator";

    private UserTags() {}

    /// What somebody with these tags is on the other ports. Other words than the four mean nothing there.
    public static Role role(List<String> tags) {
        if (tags.contains(ADMINISTRATOR)) {
            return Role.ADMIN;
        }
        return tags.contains(MONITORING) || tags.contains(POLICYMAKER) || tags.contains(MANAGEMENT)
                ? Role.VIEWER
                : Role.CLIENT;
    }

    /// Tags of somebody who was given a role only.
    public static List<String> of(Role role) {
        return switch (role) {
            case ADMIN -> List.of(ADMINISTRATOR);
            case OPERATOR -> List.of(MONITORING, POLICYMAKER);
            case VIEWER -> List.of(MONITORING);
            case SERVICE, CLIENT -> List.of();
        };
    }

    /// The tags that were given, or those of the role.
    public static List<String> of(Role role, List<String> given) {
        return given.isEmpty() ? of(role) : given;
    }
}
