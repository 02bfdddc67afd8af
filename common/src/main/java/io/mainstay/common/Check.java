package io.mainstay.common;

import org.jspecify.annotations.Nullable;

/// Assumptions that hold unless the program itself is wrong; always on.
///
/// A failed check is never caught by the code around it: in a raft group it fences the group. What a
/// stranger sent, or a disk or peer did, is not an assumption and is answered, not checked here.
public final class Check {

    private Check() {}

    public static void that(boolean holds, String broken) {
        if (!holds) {
            throw new BrokenAssumption(broken);
        }
    }

    public static void that(boolean holds, String format, Object... values) {
        if (!holds) {
            throw new BrokenAssumption(String.format(format, values));
        }
    }

    /// The value, which is there unless the program is wrong.
    public static <T> T present(@Nullable T value, String format, Object... values) {
        if (value == null) {
            throw new BrokenAssumption(String.format(format, values));
        }
        return value;
    }

    /// The program is wrong: something that cannot be has happened.
    public static final class BrokenAssumption extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public BrokenAssumption(String message) {
            super(message);
        }
    }
}
