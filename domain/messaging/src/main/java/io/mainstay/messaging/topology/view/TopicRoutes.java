package io.mainstay.messaging.topology.view;

import io.mainstay.messaging.api.BindingView;
import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// Words divided by dots; `*` in a binding key stands for one word, `#` for any number of them, none too. An empty key has no words.
///
/// The binding keys form a trie. A routing key is read word by word with all nodes at which one can stand after the words so far, so the work is bounded
/// by words times nodes whatever the patterns are (walking back and forth instead takes exponential time on `#.a.#.a.#`).
record TopicRoutes(Node root) implements Routes {

    static final TopicRoutes NONE = new TopicRoutes(Node.EMPTY);

    @Override
    public TopicRoutes with(BindingView binding, long number, Target target) {
        return new TopicRoutes(root.with(words(binding.routingKey()), 0, target));
    }

    @Override
    public TopicRoutes without(BindingView binding, Target target) {
        Node rest = root.without(words(binding.routingKey()), 0, target);
        return rest == null ? NONE : new TopicRoutes(rest);
    }

    @Override
    public void route(String routingKey, Supplier<FieldTable> headers, Reached reached) {
        Walk walk = new Walk();
        walk.arrive(root);
        for (String word : words(routingKey)) {
            walk.read(word);
        }
        walk.here.forEach(node -> reached.targets(node.targets));
        walk.staying.forEach(node -> reached.targets(node.targets));
    }

    static List<String> words(String key) {
        List<String> words = new ArrayList<>(4);
        if (!key.isEmpty()) {
            int from = 0;
            for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', from)) {
                words.add(key.substring(from, dot));
                from = dot + 1;
            }
            words.add(key.substring(from));
        }
        return words;
    }

    /// Where one can stand after the words read so far.
    private static final class Walk {

        private static final int MANY = 16;

        /// Nodes behind a word or `*`: each is reached by one way only, from its parent, and left with the next word.
        private List<Node> here = new ArrayList<>(4);

        /// Nodes behind `#`: once reached never left, as any word may belong to it.
        private final List<Node> staying = new ArrayList<>(4);

        /// The same, once there are many.
        private @Nullable Set<Node> many;

        void arrive(Node node) {
            here.add(node);
            stayBehind(node);
        }

        private void stayBehind(Node node) {
            for (Node hash = node.hash; hash != null && !isStaying(hash); hash = hash.hash) {
                staying.add(hash);
                if (many != null) {
                    many.add(hash);
                }
            }
        }

        private boolean isStaying(Node node) {
            if (many == null && staying.size() > MANY) {
                many = new HashSet<>(staying);
            }
            return many == null ? staying.contains(node) : many.contains(node);
        }

        void read(String word) {
            List<Node> before = here;
            here = new ArrayList<>(4);
            int stayed = staying.size();
            for (Node node : before) {
                step(node, word);
            }
            for (int i = 0; i < stayed; i++) {
                step(staying.get(i), word);
            }
        }

        private void step(Node node, String word) {
            Node next = node.words.get(word);
            if (next != null) {
                arrive(next);
            }
            if (node.star != null) {
                arrive(node.star);
            }
        }
    }

    static final class Node {
        static final Node EMPTY = new Node(PersistentMap.empty(), null, null, Targets.NONE);

        private final PersistentMap<String, Node> words;
        private final @Nullable Node star;
        private final @Nullable Node hash;
        private final Targets targets;

        private Node(
                PersistentMap<String, Node> words,
                @Nullable Node star,
                @Nullable Node hash,
                Targets targets) {
            this.words = words;
            this.star = star;
            this.hash = hash;
            this.targets = targets;
        }

        Node with(List<String> key, int at, Target target) {
            if (at == key.size()) {
                return new Node(words, star, hash, targets.with(target));
            }
            Node child = child(key.get(at));
            return withChild(
                    key.get(at), (child == null ? EMPTY : child).with(key, at + 1, target));
        }

        /// `null` if nothing is left.
        @Nullable Node without(List<String> key, int at, Target target) {
            Node rest = this;
            if (at == key.size()) {
                rest = new Node(words, star, hash, targets.without(target));
            } else {
                Node child = child(key.get(at));
                if (child != null) {
                    rest = withChild(key.get(at), child.without(key, at + 1, target));
                }
            }
            return rest.isEmpty() ? null : rest;
        }

        private boolean isEmpty() {
            return words.isEmpty() && star == null && hash == null && targets.isEmpty();
        }

        private @Nullable Node child(String word) {
            return switch (word) {
                case "*" -> star;
                case "#" -> hash;
                default -> words.get(word);
            };
        }

        private Node withChild(String word, @Nullable Node child) {
            return switch (word) {
                case "*" -> new Node(words, child, hash, targets);
                case "#" -> new Node(words, star, child, targets);
                default ->
                        new Node(
                                child == null ? words.without(word) : words.with(word, child),
                                star,
                                hash,
                                targets);
            };
        }
    }
}
