package io.mainstay.cli.messaging;

import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import java.util.function.Predicate;

/// One item of a list that the node answered with, where it has no call for one.
final class One {

    private One() {}

    /// @param what for the error, if it is not there
    static Object of(@Nullable Object answer, String what, Predicate<Object> isMeant) {
        for (Object item : Json.list(answer, "items")) {
            if (isMeant.test(item)) {
                return item;
            }
        }
        throw new CliException(ExitCode.NOT_FOUND, "there is no " + Table.text(what));
    }
}
