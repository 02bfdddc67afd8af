package io.mainstay.head.rabbitmq;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// The parameters that every list takes: `sort`, `sort_reverse`, `columns`, and with `page` also `page_size`, `name` and `use_regex`. Names of columns
/// may lead into objects: `message_stats.publish_details.rate`.
final class Listing {

    private static final int MAX_PAGE_SIZE = 500;
    private static final int USUAL_PAGE_SIZE = 100;
    private static final int MAX_REGEX_LENGTH = 1000;

    /// Gives the value of a parameter of the query, or `null`.
    interface Query {
        @Nullable String get(String name) throws RefusedException;
    }

    private Listing() {}

    /// What is answered: a list, or an object with a page of it.
    static Object of(List<Map<String, @Nullable Object>> all, Query query) throws RefusedException {
        List<Map<String, @Nullable Object>> items = sorted(all, query);
        String page = query.get("page");
        return page == null
                ? columns(items, query)
                : page(all.size(), items, number(page, Integer.MAX_VALUE), query);
    }

    private static Object page(
            int total, List<Map<String, @Nullable Object>> sorted, int page, Query query)
            throws RefusedException {
        String wanted = query.get("page_size");
        int size = wanted == null ? USUAL_PAGE_SIZE : number(wanted, MAX_PAGE_SIZE);
        List<Map<String, @Nullable Object>> items = named(sorted, query);
        int pages = Math.max(1, (items.size() + size - 1) / size);
        if (page > pages) {
            throw new RefusedException(
                    400,
                    "page_out_of_range",
                    "Page out of range, page: %d page size: %d, len: %d"
                            .formatted(page, size, items.size()));
        }
        List<Map<String, @Nullable Object>> part =
                items.subList((page - 1) * size, Math.min(items.size(), page * size));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("filtered_count", items.size());
        fields.put("item_count", part.size());
        fields.put("items", columns(part, query));
        fields.put("page", page);
        fields.put("page_count", pages);
        fields.put("page_size", size);
        fields.put("total_count", total);
        return fields;
    }

    private static int number(String text, int most) throws RefusedException {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Refused below, like a number out of range.
        }
        throw RefusedException.bad(
                "Pagination parameters are invalid: page is 1 or more, page_size 1 to "
                        + MAX_PAGE_SIZE);
    }

    private static List<Map<String, @Nullable Object>> named(
            List<Map<String, @Nullable Object>> items, Query query) throws RefusedException {
        String name = query.get("name");
        if (name == null || name.isEmpty()) {
            return items;
        }
        Predicate<String> takes;
        if ("true".equals(query.get("use_regex"))) {
            takes = regex(name);
        } else {
            String lower = name.toLowerCase(Locale.ROOT);
            takes = text -> text.toLowerCase(Locale.ROOT).contains(lower);
        }
        List<Map<String, @Nullable Object>> taken = new ArrayList<>();
        try {
            for (Map<String, @Nullable Object> item : items) {
                if (takes.test(String.valueOf(item.get("name")))) {
                    taken.add(item);
                }
            }
        } catch (BoundedText.TooLongException tooLong) {
            throw RefusedException.bad("the regular expression takes too long to match");
        }
        return taken;
    }

    private static Predicate<String> regex(String name) throws RefusedException {
        if (name.length() > MAX_REGEX_LENGTH) {
            throw RefusedException.bad(
                    "a regular expression has at most " + MAX_REGEX_LENGTH + " characters");
        }
        Pattern pattern;
        try {
            pattern = Pattern.compile(name, Pattern.CASE_INSENSITIVE);
        } catch (PatternSyntaxException bad) {
            throw RefusedException.bad(
                    "the regular expression is not one: " + bad.getDescription());
        }
        BoundedText.Budget budget = new BoundedText.Budget();
        return text -> pattern.matcher(new BoundedText(text, budget)).find();
    }

    private static List<Map<String, @Nullable Object>> sorted(
            List<Map<String, @Nullable Object>> items, Query query) throws RefusedException {
        String by = query.get("sort");
        if (by == null || by.isEmpty()) {
            return items;
        }
        String[] path = by.split("\\.");
        Comparator<Map<String, @Nullable Object>> order =
                Comparator.comparing(item -> at(item, path), Listing::compare);
        List<Map<String, @Nullable Object>> sorted = new ArrayList<>(items);
        sorted.sort("true".equals(query.get("sort_reverse")) ? order.reversed() : order);
        return sorted;
    }

    private static Object at(Map<String, @Nullable Object> item, String[] path) {
        Object value = item;
        for (String part : path) {
            value = value instanceof Map<?, ?> map ? map.get(part) : null;
        }
        return value == null ? "" : value;
    }

    private static int compare(Object left, Object right) {
        return left instanceof Number a && right instanceof Number b
                ? Double.compare(a.doubleValue(), b.doubleValue())
                : left.toString().compareTo(right.toString());
    }

    static List<Map<String, @Nullable Object>> columns(
            List<Map<String, @Nullable Object>> items, Query query) throws RefusedException {
        String wanted = query.get("columns");
        if (wanted == null || wanted.isEmpty()) {
            return items;
        }
        String[] columns = wanted.split(",");
        return items.stream().map(item -> only(item, columns)).toList();
    }

    private static Map<String, @Nullable Object> only(
            Map<String, @Nullable Object> item, String[] columns) {
        Map<String, @Nullable Object> kept = new LinkedHashMap<>();
        for (String column : columns) {
            keep(item, column.strip(), kept);
        }
        return kept;
    }

    @SuppressWarnings("unchecked")
    private static void keep(
            Map<String, @Nullable Object> from, String column, Map<String, @Nullable Object> into) {
        int dot = column.indexOf('.');
        String first = dot < 0 ? column : column.substring(0, dot);
        if (!from.containsKey(first)) {
            return;
        }
        Object value = from.get(first);
        if (dot < 0) {
            into.put(first, value);
        } else if (value instanceof Map<?, ?> inner) {
            Object there =
                    into.computeIfAbsent(
                            first, ignored -> new LinkedHashMap<String, @Nullable Object>());
            if (there != inner && there instanceof Map<?, ?> map) {
                keep(
                        (Map<String, @Nullable Object>) inner,
                        column.substring(dot + 1),
                        (Map<String, @Nullable Object>) map);
            }
        }
    }
}
