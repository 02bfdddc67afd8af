@NullMarked
package io.mainstay.console;

import org.jspecify.annotations.NullMarked;
