/// Loads and floors for measuring Mainstay beside its peers, in turn, in one run. Start with [io.mainstay.bench.RegistryBench].
@NullMarked
package io.mainstay.bench;

import org.jspecify.annotations.NullMarked;
