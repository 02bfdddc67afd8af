package io.mainstay.client.balance;

/// 64 bits of a text, the same in every process.
final class Hash {

    private Hash() {}

    /// FNV-1a over the characters, then mixed: FNV alone leaves the upper bits of short texts alike.
    static long of(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    /// The finalizer of SplitMix64 (Steele, Lea and Flood 2014).
    static long mix(long hash) {
        long mixed = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /// Between 0 and 1, neither of them.
    static double unit(long hash) {
        return ((hash >>> 11) + 0.5) * 0x1.0p-53;
    }
}
