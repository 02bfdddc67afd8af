@NullMarked
package io.mainstay.head.amqp;

import org.jspecify.annotations.NullMarked;
