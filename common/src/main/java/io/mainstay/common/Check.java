package io.mainstay.common;

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

    /// The program is wrong: something that cannot be has happened.
    public static final class BrokenAssumption extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public BrokenAssumption(String message) {
            super(message);
        }
    }
}
