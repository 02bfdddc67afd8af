/// What the bench needs of the inside of the kernel.
@NullMarked
package io.mainstay.kernel.group;

import org.jspecify.annotations.NullMarked;
