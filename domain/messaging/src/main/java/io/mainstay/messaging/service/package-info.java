/// What heads call. Start at [MessagingService].
@NullMarked
package io.mainstay.messaging.service;

import org.jspecify.annotations.NullMarked;
