/// Tests of the registry share [Samples].
@NullMarked
package io.mainstay.registry;

import org.jspecify.annotations.NullMarked;
