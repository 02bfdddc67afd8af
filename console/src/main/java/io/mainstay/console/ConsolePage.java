package io.mainstay.console;

/// Where the built page is.
public final class ConsolePage {

    /// The folder on the class path, without a slash at its ends. Its `files.sha256` lists each file of the page as `sha256sum` does:
    /// hash in hex, two spaces, path below this folder.
    public static final String ROOT = "console";

    private ConsolePage() {}
}
