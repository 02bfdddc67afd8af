package io.mainstay.head.http;

import io.mainstay.head.web.Principal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who changed what, and what became of it: one line of the logger `audit` for each change that was asked for. Never a secret.
final class Audit {

    private static final Logger LOG = LoggerFactory.getLogger("audit");

    private Audit() {}

    /// @param what the change with the names that the client gave; control characters are replaced, so that no name forges a line
    static void note(Principal principal, String what, Object outcome) {
        if (LOG.isInfoEnabled()) {
            LOG.info(
                    "{} by {}: {}",
                    printable(what),
                    principal.shown(),
                    printable(outcome.toString()));
        }
    }

    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "?");
    }
}
