package io.mainstay.head.http;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// A list of the admin API: all of it, or with `page` a page of it. `name` keeps what has a text in its name, whatever its case; `sort` with `reverse=true`
/// orders it. Only what is answered is made into JSON.
///
/// @param name what `name` looks at
/// @param orders by the word that `sort` takes
/// @param json an item's fields
record Paging<T>(
        Function<T, String> name,
        Map<String, Comparator<T>> orders,
        Function<T, Map<String, @Nullable Object>> json) {

    static final int MAX_SIZE = 500;
    private static final int USUAL_SIZE = 100;

    void answer(AdminRequest request, Collection<T> all) throws BadRequestException {
        List<T> found = sorted(request, named(request, all));
        Map<String, Object> fields = new LinkedHashMap<>();
        String page = request.query("page", "");
        if (!page.isEmpty()) {
            int size = request.query("pageSize", USUAL_SIZE, MAX_SIZE);
            int pages = Math.max(1, (found.size() + size - 1) / size);
            // What was on the last page may be gone: then the one before is the last.
            int number = Math.min(pages, request.query("page", 1, Integer.MAX_VALUE));
            fields.put("total", all.size());
            fields.put("found", found.size());
            fields.put("page", number);
            fields.put("pages", pages);
            found = found.subList((number - 1) * size, Math.min(found.size(), number * size));
        }
        fields.put("items", found.stream().map(json).toList());
        request.answer(200, fields);
    }

    private List<T> named(AdminRequest request, Collection<T> all) throws BadRequestException {
        String wanted = request.query("name", "").toLowerCase(Locale.ROOT);
        return wanted.isEmpty()
                ? List.copyOf(all)
                : all.stream()
                        .filter(item -> name.apply(item).toLowerCase(Locale.ROOT).contains(wanted))
                        .toList();
    }

    private List<T> sorted(AdminRequest request, List<T> items) throws BadRequestException {
        String by = request.query("sort", "");
        if (by.isEmpty()) {
            return items;
        }
        Comparator<T> order = orders.get(by);
        if (order == null) {
            throw new BadRequestException(
                    "sort",
                    "sort is '" + by + "'",
                    String.join(", ", new TreeMap<>(orders).keySet()));
        }
        List<T> sorted = new ArrayList<>(items);
        // Stable, so that equals stay in the order of their names.
        sorted.sort(MessagingDoor.flag(request, "reverse") ? order.reversed() : order);
        return sorted;
    }
}
