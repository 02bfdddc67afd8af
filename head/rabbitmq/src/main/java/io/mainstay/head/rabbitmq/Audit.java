package io.mainstay.head.rabbitmq;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who changed users, rights and the like, and what became of it: one line of the logger `audit`. Never a secret.
final class Audit {

    private static final Logger LOG = LoggerFactory.getLogger("audit");

    private Audit() {}

    /// @param what the change with the names that the client gave; control characters are replaced, so that no name forges a line
    static void note(Caller caller, String what, Object outcome) {
        if (LOG.isInfoEnabled()) {
            LOG.info(
                    "{} by {}: {}",
                    printable(what),
                    printable(caller.name()),
                    printable(outcome.toString()));
        }
    }

    static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "?");
    }
}
