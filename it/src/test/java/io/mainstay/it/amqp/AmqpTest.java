package io.mainstay.it.amqp;

import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A class of tests that share one broker with all others of their kind. Each test gets an [Amqp], which is closed after it.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SharedBroker.class)
@interface AmqpTest {}
