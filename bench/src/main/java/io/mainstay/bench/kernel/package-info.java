/// `./mainstay bench kernel`: the journal and the raft groups of one voter against bare appends and syncs.
@NullMarked
package io.mainstay.bench.kernel;

import org.jspecify.annotations.NullMarked;
