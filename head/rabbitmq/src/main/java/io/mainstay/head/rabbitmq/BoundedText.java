package io.mainstay.head.rabbitmq;

/// Text that lets itself be looked at so often only: a regular expression of a stranger may look for ever, and an event loop waits for it.
///
/// @param budget shared by all texts of one request
record BoundedText(CharSequence text, Budget budget) implements CharSequence {

    /// Characters that one request may look at: some 50 ms.
    private static final int MAX_LOOKS = 5_000_000;

    static final class Budget {
        private int left = MAX_LOOKS;
    }

    static final class TooLongException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLongException() {
            super("too many characters were looked at", null, false, false);
        }
    }

    @Override
    public char charAt(int index) {
        if (--budget.left < 0) {
            throw new TooLongException();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new BoundedText(text.subSequence(start, end), budget);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
