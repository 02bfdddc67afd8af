/// Bytes, names, limits and checks. Knows the JDK only.
@NullMarked
package io.mainstay.common;

import org.jspecify.annotations.NullMarked;
