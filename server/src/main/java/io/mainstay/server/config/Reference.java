package io.mainstay.server.config;

/// The reference page of all keys, as Markdown.
public final class Reference {

    private Reference() {}

    public static String page() {
        StringBuilder page = new StringBuilder(HEAD);
        for (Setting setting : Settings.all()) {
            page.append(
                    "| `%s` | %s | %s | `%s` | %s |%n"
                            .formatted(
                                    setting.key(),
                                    setting.fallback().isEmpty()
                                            ? ""
                                            : "`" + setting.fallback() + "`",
                                    setting.allowedText(),
                                    setting.environmentName(),
                                    setting.description()));
        }
        return page.toString();
    }

    private static final String HEAD =
            """
            # Configuration

            Made from the table in `io.mainstay.server.config.Settings`; a test holds it up to date.

            Every key can be a flag (`-X http.port=8080`), an environment variable (`MAINSTAY_HTTP_PORT=8080`) or a
            line in a YAML file (`http.port: 8080`, nested or dotted). A flag goes before a variable, a variable before the file,
            the file before the default. The file is the one of `--config`, or `mainstay.yaml` where the node is
            started. What is unknown or not allowed is refused, with its origin. Bytes may be written with `KiB`,
            `MiB` or `GiB`. A change needs a restart.

            `mainstay config show --effective --origin` shows what holds, `mainstay config explain KEY` tells about one key.

            | key | default | allowed | variable | what it does |
            |---|---|---|---|---|
            """;
}
