package io.mainstay.demo.service;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What has been done with which order, once and for all instances: stands for a table with a unique key, in a folder that
/// they share.
@Component
@Profile("queue")
class Books {
    private final Path folder;

    Books(@Value("${shop.books}") Path folder) {
        this.folder = folder;
    }

    /// Whether this call was the one that entered it.
    boolean enter(String what, String order) {
        try {
            Files.createDirectories(folder.resolve(what));
            Files.createFile(folder.resolve(what).resolve(order));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
