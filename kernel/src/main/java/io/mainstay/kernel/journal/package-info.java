/// The one place where payload is written: a sequence of segment files that all raft groups of a node share.
///
/// Start with [Journal].
@NullMarked
package io.mainstay.kernel.journal;

import org.jspecify.annotations.NullMarked;
