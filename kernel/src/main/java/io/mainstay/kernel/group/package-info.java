/// Raft groups: the one way in which state changes.
///
/// A domain gives the node's groups its [StateMachine]s, proposes commands through a [RaftGroup] and reads the views
/// that its machines publish. Only this package sees a class of `org.apache.kafka.raft`. Start with [RaftGroup].
@NullMarked
package io.mainstay.kernel.group;

import org.jspecify.annotations.NullMarked;
