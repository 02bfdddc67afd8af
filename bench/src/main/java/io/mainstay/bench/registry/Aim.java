package io.mainstay.bench.registry;

/// What a figure was meant to be.
final class Aim {

    private Aim() {}

    static void print(String aim, boolean met, String figure) {
        System.out.printf("aim %s: %s (%s)%n", met ? "met" : "MISSED", aim, figure);
    }
}
