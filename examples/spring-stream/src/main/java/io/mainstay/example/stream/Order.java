package io.mainstay.example.stream;

/// How an order travels, as JSON.
///
/// @param failures how often its payment fails before it goes through
record Order(String id, String customer, int failures) {}
