@NullMarked
package io.mainstay.head.http;

import org.jspecify.annotations.NullMarked;
