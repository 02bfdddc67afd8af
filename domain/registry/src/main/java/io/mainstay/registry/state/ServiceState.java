package io.mainstay.registry.state;

import io.mainstay.registry.api.Instance;

import java.util.TreeMap;

/// One service of a [RegistryMachine]: its instances by id, and the raft offset of its last change.
final class ServiceState {
    final TreeMap<String, Instance> instances = new TreeMap<>();
    long revision;
}
