package io.mainstay.kernel.group;

/// A failure that a test wants: the group is fenced and rebuilt, nothing else happens.
final class InjectedFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InjectedFault(String message) {
        super(message);
    }
}
