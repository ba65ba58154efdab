package org.carousel.training.trials;

import java.io.Serializable;

/** Where trials run: on this machine, or on a cluster. A study gives the same results in every place. */
public interface Place {
    /** A trial, packed: what it returns is one line of results. */
    @FunctionalInterface
    interface Task extends Serializable {
        /** Runs the trial. Failures of the trial are part of the line. */
        String run() throws InterruptedException;
    }

    /** How many trials run at a time. */
    int together();

    /**
     * Runs a trial and waits for its line; called by {@link #together} threads at a time.
     *
     * @throws InterruptedException when the study is stopped
     */
    String run(Task task) throws InterruptedException;

    /**
     * This machine.
     *
     * @param threads how many trials at a time, 1 or more
     */
    static Place here(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("place: " + threads + " threads; 1 or more are needed");
        }
        return new Place() {
            @Override
            public int together() {
                return threads;
            }

            @Override
            public String run(Task task) throws InterruptedException {
                return task.run();
            }

            @Override
            public String toString() {
                return "here, " + threads + " at a time";
            }
        };
    }
}
