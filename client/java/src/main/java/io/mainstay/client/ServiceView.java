package io.mainstay.client;

import java.util.List;

/// The instances of one service at one revision, as this client knows them. Immutable.
///
/// @param service lower case
/// @param revision of the node that told it; 0 if nothing was told yet. Never goes back while the client talks to one cluster
/// @param instances in order of instance id, whatever their status
/// @param freshness how far it can be trusted
/// @param asOfMs Unix ms when a node last said that it holds; 0 if never
public record ServiceView(
        String service, long revision, List<Instance> instances, Freshness freshness, long asOfMs) {

    public enum Freshness {
        /// Nothing is known yet.
        UNKNOWN,
        /// From a node or from the cache file, and no node answers now: the truth may be another by now.
        STALE,
        /// A node is connected and tells of each change.
        LIVE
    }

    public ServiceView {
        instances = List.copyOf(instances);
    }

    /// Instances that want traffic.
    public List<Instance> up() {
        return instances.stream().filter(one -> one.status() == InstanceStatus.UP).toList();
    }

    public boolean live() {
        return freshness == Freshness.LIVE;
    }

    /// Whether anything is known: an empty list of an unknown view does not mean that there is no instance.
    public boolean known() {
        return freshness != Freshness.UNKNOWN;
    }
}
