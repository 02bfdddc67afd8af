package io.mainstay.server.node;

import io.mainstay.access.api.Access;
import io.mainstay.server.config.NodeConfig;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What must hold, and what must be said, before a node listens where other machines can reach it.
final class OpenNetwork {

    private static final Logger LOG = LoggerFactory.getLogger(OpenNetwork.class);

    private OpenNetwork() {}

    /// @throws NodeStartException if everybody could do everything; it says what to type
    static void check(NodeConfig config, Access access) throws NodeStartException {
        if (!config.beyondLoopback()) {
            if (!access.required()) {
                LOG.info(
                        "there are no users: everybody on this machine may do everything; 'mainstay user add NAME' makes an admin and closes the node");
            }
            return;
        }
        if (!access.required()) {
            throw new NodeStartException(
                    "bind is %s, which other machines can reach, and there are no users yet: type 'mainstay user init --data %s' once, with the --config and -X of this start, which makes the user admin and prints its password; then start again."
                            .formatted(config.bind(), config.dataDir()));
        }
        if (config.tls() == null) {
            LOG.warn(
                    "bind is {}, which other machines can reach, and TLS is off: passwords and tokens cross the network in clear text. Set tls.certificate and tls.key.",
                    config.bind());
        }
    }
}
