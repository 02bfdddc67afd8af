package io.mainstay.registry.state;

import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.RegistryView.Kind;
import io.mainstay.registry.api.ServiceView;

import java.util.List;

/// What one publish of a raft group's machine changed.
///
/// @param services the changed services as they are now; without instances if the service is gone
/// @param changes in the order in which they were applied; an instance may occur more than once
public record AppliedChanges(List<ServiceView> services, List<Entry> changes) {

    /// Takes the changes on the group's apply thread; they are visible to readers on return.
    @FunctionalInterface
    public interface Sink {
        void applied(AppliedChanges changes);
    }

    /// @param instance after the change; for `DELETED` as it was last
    /// @param atMs leader's Unix time
    public record Entry(Kind kind, Instance instance, long atMs) {}
}
