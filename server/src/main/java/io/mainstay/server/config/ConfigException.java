package io.mainstay.server.config;

import java.util.List;
import java.util.stream.Collectors;

/// The configuration is refused; the message lists all problems, one a line.
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    public ConfigException(List<ConfigProblem> problems) {
        super(
                problems.stream()
                        .map(problem -> problem.origin() + ": " + problem.sentence())
                        .collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<ConfigProblem> problems() {
        return problems;
    }
}
