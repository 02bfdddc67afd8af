package io.mainstay.example.amqp;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What has been done, once and for all instances: stands for a table with a unique key, in a folder that they share.
/// A broker delivers at least once; with this a second delivery of the same order does nothing.
@Component
class Books {
    private final Path folder;

    Books(@Value("${orders.books}") Path folder) {
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
