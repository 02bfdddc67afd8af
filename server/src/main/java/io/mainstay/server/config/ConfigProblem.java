package io.mainstay.server.config;

/// One thing that is wrong with the configuration, as a sentence that names the key, the value, the origin and what is allowed.
///
/// @param key as it was written
public record ConfigProblem(String key, Origin origin, String sentence) {}
