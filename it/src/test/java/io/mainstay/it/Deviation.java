package io.mainstay.it;

import java.util.Arrays;

/// Where an answer of ours may differ from a Spring Eureka server's, each signed with its reason in
/// `docs/protocols/eureka-deviations.md` under its name.
enum Deviation {
    ;

    private final String kind;
    private final int theirs;
    private final int ours;

    /// @param kind of the call
    /// @param theirs status of the Spring Eureka server
    /// @param ours status of the node
    Deviation(String kind, int theirs, int ours) {
        this.kind = kind;
        this.theirs = theirs;
        this.ours = ours;
    }

    static boolean allows(ScriptedCall call, NormalAnswer theirs, NormalAnswer ours) {
        return Arrays.stream(values())
                .anyMatch(
                        d ->
                                d.kind.equals(call.kind())
                                        && d.theirs == theirs.status()
                                        && d.ours == ours.status());
    }
}
