package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;

import picocli.CommandLine.Parameters;

/// Which limit a command is about, and of what.
abstract class LimitName {

    /// Where limits of that kind are in the admin API.
    abstract String kind();

    abstract String name();

    abstract String limit();

    final String path() {
        return kind() + "/" + AdminClient.segment(name()) + "/" + AdminClient.segment(limit());
    }

    /// Of a user.
    static final class OfUser extends LimitName {

        @Parameters(index = "0", paramLabel = "USER", description = "Name of the user.")
        private String name = "";

        @Parameters(
                index = "1",
                paramLabel = "LIMIT",
                description = "Which one: max-connections or max-channels.")
        private String limit = "";

        @Override
        String kind() {
            return Limits.OF_USERS;
        }

        @Override
        String name() {
            return name;
        }

        @Override
        String limit() {
            return limit;
        }
    }

    /// Of a virtual host.
    static final class OfVhost extends LimitName {

        @Parameters(index = "0", paramLabel = "VHOST", description = "Name of the virtual host.")
        private String name = "";

        @Parameters(
                index = "1",
                paramLabel = "LIMIT",
                description = "Which one: max-connections or max-queues.")
        private String limit = "";

        @Override
        String kind() {
            return Limits.OF_VHOSTS;
        }

        @Override
        String name() {
            return name;
        }

        @Override
        String limit() {
            return limit;
        }
    }
}
