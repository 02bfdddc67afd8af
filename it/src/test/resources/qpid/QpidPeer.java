import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.model.SystemConfig;

import java.nio.file.Path;
import java.util.Map;

/// Apache Qpid Broker-J in memory, as QpidDifferentialTest starts it from its source: arguments are port, configuration and a folder to work in.
class QpidPeer {

    public static void main(String[] arguments) throws Exception {
        System.setProperty("qpid.amqp_port", arguments[0]);
        new SystemLauncher()
                .startup(
                        Map.of(
                                SystemConfig.TYPE,
                                "Memory",
                                SystemConfig.INITIAL_CONFIGURATION_LOCATION,
                                Path.of(arguments[1]).toUri().toString(),
                                "startupLoggedToSystemOut",
                                "false",
                                SystemConfig.CONTEXT,
                                Map.of(
                                        "qpid.work_dir",
                                        arguments[2],
                                        "qpid.amqp_port",
                                        arguments[0])));
        System.out.println("ready");
        Thread.currentThread().join();
    }
}
