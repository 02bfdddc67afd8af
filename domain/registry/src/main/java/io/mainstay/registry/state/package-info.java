/// What a registry command does to the state of one raft group. Start with [RegistryMachine].
@NullMarked
package io.mainstay.registry.state;

import org.jspecify.annotations.NullMarked;
