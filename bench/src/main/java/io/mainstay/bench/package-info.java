/// Loads and floors for measuring Mainstay beside its peers, in turn, in one run. Start with [Bench].
@NullMarked
package io.mainstay.bench;

import org.jspecify.annotations.NullMarked;
