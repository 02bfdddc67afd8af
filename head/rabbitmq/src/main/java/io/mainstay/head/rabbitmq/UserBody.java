package io.mainstay.head.rabbitmq;

import io.mainstay.access.api.HashAlgorithm;
import io.mainstay.access.api.UserSecret;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/// A user as RabbitMQ's JSON has it.
final class UserBody {

    /// Field with a hash that this node made.
    static final String OUR_HASH = "mainstay_password_hash";

    private UserBody() {}

    /// A list (since 3.9), or text with commas between.
    static List<String> tags(Body body) throws RefusedException {
        JsonNode value = body.node("tags");
        if (value == null) {
            // Versions up to 2.3 said it so.
            if (body.node("administrator") != null) {
                return body.truth("administrator", false) ? List.of("administrator") : List.of();
            }
            throw RefusedException.bad("tags_not_present");
        }
        List<String> tags = new ArrayList<>();
        if (value.isString()) {
            for (String tag : value.stringValue().split(",")) {
                add(tags, tag);
            }
        } else if (value.isArray()) {
            for (JsonNode tag : value) {
                if (!tag.isString()) {
                    throw Body.wrong("tags", tag, "texts");
                }
                add(tags, tag.stringValue());
            }
        } else {
            throw Body.wrong("tags", value, "a list of texts, or text with commas between");
        }
        return tags;
    }

    private static void add(List<String> tags, String tag) {
        String stripped = tag.strip();
        if (!stripped.isEmpty()) {
            tags.add(stripped);
        }
    }

    /// A password, or a hash; with neither, and with an empty hash, no password is right.
    static UserSecret secret(Body body) throws RefusedException {
        String password = body.text("password");
        if (password != null && !password.isEmpty()) {
            return new UserSecret.Password(password);
        }
        String ours = body.text(OUR_HASH);
        if (ours != null) {
            return new UserSecret.Hashed(HashAlgorithm.ARGON_2.word(), ours);
        }
        String hash = body.text("password_hash", "");
        if (hash.isEmpty()) {
            return new UserSecret.None();
        }
        String word = body.text("hashing_algorithm");
        @Nullable HashAlgorithm algorithm =
                word == null ? HashAlgorithm.guess(hash) : HashAlgorithm.of(word);
        if (algorithm == null) {
            throw RefusedException.bad(
                    word == null
                            ? "the password hash is of no known algorithm"
                            : "hashing_algorithm is '%s', which is not known here".formatted(word));
        }
        return new UserSecret.Hashed(algorithm.word(), hash);
    }
}
