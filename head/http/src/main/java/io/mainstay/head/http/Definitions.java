package io.mainstay.head.http;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/// Users and topology as one file of RabbitMQ's form. Given by the assembly, because that form belongs to another head.
public interface Definitions {

    /// As maps, lists, texts, numbers and booleans.
    Map<String, @Nullable Object> export();

    /// @param user who does it, for the audit log
    /// @param loop goes on with the work
    CompletableFuture<Loaded> load(byte[] json, String user, Executor loop);

    /// @param items how many there were
    /// @param leftOut sentences on what has no counterpart here
    /// @param refused sentences on what was refused; the others are in
    /// @param unreadable what is wrong with the file, empty: nothing; nothing was changed otherwise
    record Loaded(int items, List<String> leftOut, List<String> refused, String unreadable) {}
}
