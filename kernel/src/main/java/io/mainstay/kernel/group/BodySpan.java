package io.mainstay.kernel.group;

/// Records of the journal with bodies of a range of addresses: one, or several that follow each other.
sealed interface BodySpan permits BodyPiece, PackedPieces {

    /// The first address of the range.
    long start();

    /// The address behind the range.
    long end();

    /// Where the first record ends in the journal.
    long firstRecordEnd();

    /// The journal needs nothing of it before this position.
    long position();
}
