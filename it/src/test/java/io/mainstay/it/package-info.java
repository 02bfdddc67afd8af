/// Tests against a real node in a process of its own, with stock clients and faults; one file per
/// feature or fault. Start with [StockSpringApplicationTest].
@NullMarked
package io.mainstay.it;

import org.jspecify.annotations.NullMarked;
