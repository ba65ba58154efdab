package org.carousel.tensor.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ParallelTest {
    private static final long MUCH = Long.MAX_VALUE;
    private final int threads = Parallel.threads();

    @BeforeEach
    void useThree() {
        Parallel.threads(3);
    }

    @AfterEach
    void restore() {
        Parallel.threads(threads);
    }

    /** A class that cannot be initialised would say so only once, and hide why from then on. */
    @Test
    void aWrongSettingIsToldAsItStandsThere() {
        assertEquals(7, Parallel.configured(" 7 "));
        assertEquals(Runtime.getRuntime().availableProcessors(), Parallel.configured(""));
        assertEquals(Runtime.getRuntime().availableProcessors(), Parallel.configured(null));
        for (String wrong : new String[] {"0", "-1", "abc", "1025"}) {
            assertEquals(
                    "carousel.threads=" + wrong + " must be a number from 1 to 1024",
                    assertThrows(IllegalArgumentException.class, () -> Parallel.configured(wrong))
                            .getMessage());
        }
    }

    private static AtomicIntegerArray visits(int n, long work) {
        AtomicIntegerArray visits = new AtomicIntegerArray(n);
        Parallel.over(n, work, (from, to) -> {
            for (int i = from; i < to; i++) {
                visits.incrementAndGet(i);
            }
        });
        return visits;
    }

    @Test
    void visitsEveryResultOnce() {
        for (int n : new int[] {0, 1, 2, 3, 100}) {
            AtomicIntegerArray visits = visits(n, MUCH);
            for (int i = 0; i < n; i++) {
                assertEquals(1, visits.get(i));
            }
        }
    }

    @Test
    void smallWorkStaysOnTheCallingThread() {
        Thread caller = Thread.currentThread();
        Parallel.over(100, 10, (from, to) -> {
            assertEquals(caller, Thread.currentThread());
            assertEquals(100, to - from);
        });
    }

    @Test
    void nestedCallsRunWhereTheyAre() {
        AtomicInteger sum = new AtomicInteger();
        Parallel.over(3, MUCH, (from, to) -> {
            Thread outer = Thread.currentThread();
            Parallel.over(10, MUCH, (a, b) -> {
                assertEquals(outer, Thread.currentThread());
                sum.addAndGet((to - from) * (b - a));
            });
        });
        assertEquals(30, sum.get());
    }

    @Test
    void failuresReachTheCallerAndLeaveThePoolUsable() {
        for (int failing = 0; failing < 3; failing++) {
            int where = failing;
            IllegalStateException e = assertThrows(
                    IllegalStateException.class,
                    () -> Parallel.over(3, MUCH, (from, to) -> {
                        if (from == where) {
                            throw new IllegalStateException("part " + where);
                        }
                    }));
            assertEquals("part " + failing, e.getMessage());
        }
        visitsEveryResultOnce();
    }

    @Test
    void anInterruptedCallerStillWaitsForItsHelpers() {
        Thread.currentThread().interrupt();
        AtomicIntegerArray visits = visits(64, MUCH);
        assertTrue(Thread.interrupted(), "the interrupt is kept");
        for (int i = 0; i < 64; i++) {
            assertEquals(1, visits.get(i));
        }
    }
}
