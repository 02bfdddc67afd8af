package io.mainstay.messaging.api;

import io.mainstay.messaging.message.StoredMessage;

/// One message on its way to a consumer.
///
/// @param sequence its number in the queue (of a stream: its offset)
/// @param redelivered it may have been delivered before
/// @param returns how often it came back before, for `x-delivery-count`
public record Delivery(long sequence, boolean redelivered, int returns, StoredMessage message) {}
