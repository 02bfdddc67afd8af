package io.mainstay.it;

import io.mainstay.client.ClientListener;
import io.mainstay.client.ClientOptions;
import io.mainstay.client.ClientState;
import io.mainstay.client.Instance;
import io.mainstay.client.MainstayClient;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// A process that registers one instance and says what happens to it, until it is ended.
public final class ClientProgram {

    private ClientProgram() {}

    /// @param args port, service, instance id, lease in ms
    public static void main(String[] args) throws InterruptedException {
        ClientListener listener =
                new ClientListener() {
                    @Override
                    public void onState(ClientState state) {
                        System.out.println("state " + state.phase());
                    }

                    @Override
                    public void onPause(Duration length) {
                        System.out.println("pause " + length.toMillis());
                    }
                };
        MainstayClient client =
                MainstayClient.connect(
                        ClientOptions.builder()
                                .addresses("127.0.0.1:" + args[0])
                                .lease(Duration.ofMillis(Long.parseLong(args[3])))
                                .listener(listener)
                                .build());
        client.register(Instance.of(args[1], args[2], "127.0.0.1", 8080).build())
                .acknowledged()
                .thenRun(() -> System.out.println("registered"));
        Runtime.getRuntime().addShutdownHook(new Thread(client::close));
        new CountDownLatch(1).await();
    }
}
