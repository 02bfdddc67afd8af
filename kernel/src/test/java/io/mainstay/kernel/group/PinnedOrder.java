package io.mainstay.kernel.group;

import org.junit.jupiter.api.extension.Extension;

import java.lang.reflect.Field;

/// Takes the chance out of `Set.of` and `Map.of`, whose order hangs on a random number of the JVM: the engine sends to voters in such an
/// order, and the same seed must be the same run in every JVM. Found by JUnit as an extension, so it comes before code is compiled that has
/// the number built in.
public final class PinnedOrder implements Extension {

    static {
        pin();
    }

    /// Once is enough; loading this class does it.
    static void ensure() {}

    @SuppressWarnings({"removal", "deprecation"})
    private static void pin() {
        try {
            Field own = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
            own.setAccessible(true);
            sun.misc.Unsafe unsafe = (sun.misc.Unsafe) own.get(null);
            Class<?> collections = Class.forName("java.util.ImmutableCollections");
            Field salt = collections.getDeclaredField("SALT32L");
            unsafe.putLong(unsafe.staticFieldBase(salt), unsafe.staticFieldOffset(salt), 77L);
            Field reverse = collections.getDeclaredField("REVERSE");
            unsafe.putBoolean(
                    unsafe.staticFieldBase(reverse), unsafe.staticFieldOffset(reverse), false);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
