package io.mainstay.messaging.topology.view;

/// Takes what a message reaches.
interface Reached {

    void target(Target target);

    void targets(Targets targets);
}
