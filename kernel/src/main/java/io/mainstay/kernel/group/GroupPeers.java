package io.mainstay.kernel.group;

/// What a group's engine has to do with other nodes. Driver thread only.
record GroupPeers(PeerChannel channel, ReadIndex reads, Expirations expirations) {

    void received(int node, Frame frame) {
        switch (frame.kind()) {
            case Frame.REQUEST -> channel.asked(node, frame);
            case Frame.ANSWER -> channel.answered(node, frame);
            case Frame.READ_QUESTION -> reads.asked(node, frame);
            case Frame.READ_ANSWER -> reads.answered(node, frame);
            default -> throw new IllegalArgumentException("a frame of kind " + frame.kind());
        }
    }
}
