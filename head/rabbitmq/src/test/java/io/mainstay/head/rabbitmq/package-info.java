@NullMarked
package io.mainstay.head.rabbitmq;

import org.jspecify.annotations.NullMarked;
