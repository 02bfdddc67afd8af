package io.mainstay.testkit;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A cache of loaded and linked classes, as `./mainstay` makes one: with it the start of a node or a command takes half the CPU, and tests start a
/// hundred.
///
/// Who asks first makes it, at the path that the system property `mainstay.start-cache` names; without the property, and where the class path has
/// folders, of which the JVM makes no cache, there is none.
public final class StartCache {
    private static final String PROPERTY = "mainstay.start-cache";
    private static final Duration TO_MAKE = Duration.ofMinutes(2);
    private static final List<String> FLAGS = flags(JavaProcess.sameClasspath());

    private StartCache() {}

    /// Flags for a program of ours that runs with [JavaProcess#sameClasspath()]; empty without a cache.
    public static List<String> flags() {
        return FLAGS;
    }

    private static List<String> flags(String classpath) {
        String path = System.getProperty(PROPERTY, "");
        if (path.isEmpty()) {
            return List.of();
        }
        Path cache = Path.of(path);
        try {
            FileTime newest = newest(classpath);
            if (newest == null || !current(cache, newest) && !made(cache, classpath, newest)) {
                return List.of();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the start cache " + cache, e);
        }
        return List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off");
    }

    /// When the youngest jar was written; null if there are folders.
    private static @Nullable FileTime newest(String classpath) throws IOException {
        FileTime newest = FileTime.fromMillis(0);
        for (String entry : classpath.split(File.pathSeparator)) {
            Path file = Path.of(entry);
            if (Files.isDirectory(file)) {
                return null;
            }
            if (Files.exists(file) && Files.getLastModifiedTime(file).compareTo(newest) > 0) {
                newest = Files.getLastModifiedTime(file);
            }
        }
        return newest;
    }

    private static boolean current(Path cache, FileTime newest) throws IOException {
        return Files.exists(cache) && Files.getLastModifiedTime(cache).compareTo(newest) > 0;
    }

    /// Makes it unless another JVM does so at the same time: then waits for that one.
    private static boolean made(Path cache, String classpath, FileTime newest) throws IOException {
        Path folder = cache.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path lock = cache.resolveSibling(cache.getFileName() + ".lock");
        try (FileChannel channel =
                FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock();
            return current(cache, newest) || make(cache, classpath);
        }
    }

    private static boolean make(Path cache, String classpath) throws IOException {
        Path output = cache.resolveSibling(cache.getFileName() + ".new");
        List<String> flags = new ArrayList<>(NodeProcess.FLAGS);
        flags.add(NodeProcess.COMPILE_QUICKLY);
        flags.add("-XX:AOTCacheOutput=" + output);
        Path log = cache.resolveSibling(cache.getFileName() + ".log");
        Files.deleteIfExists(log);
        try (JavaProcess making =
                JavaProcess.start(
                        new JavaProcess.Command(
                                "maker of the start cache",
                                JavaProcess.sameJava(),
                                flags,
                                classpath,
                                NodeProcess.MAIN,
                                List.of("doctor", "--warm-up"),
                                log))) {
            Conditions.await("the start cache", TO_MAKE, () -> !making.alive());
            if (making.exitCode() != 0 || !Files.exists(output)) {
                System.out.println("no start cache was made, nodes start slower: " + making.log());
                return false;
            }
        }
        Files.move(output, cache, StandardCopyOption.REPLACE_EXISTING);
        return true;
    }
}
