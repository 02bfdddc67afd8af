/// What readers see: one immutable view for each namespace, over all raft groups of the node. Start with [RegistryViews].
@NullMarked
package io.mainstay.registry.view;

import org.jspecify.annotations.NullMarked;
