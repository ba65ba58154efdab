package org.carousel.data.tasks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;

class ReberStreamTest {
    @Test
    void piecesContinueEachOther() {
        ReberStream pieces = ReberStream.of(RandomStream.of(1), 3);
        ReberStream whole = ReberStream.of(RandomStream.of(1), 3);
        Prediction all = whole.next(60);
        int at = 0;
        for (int steps : new int[] {1, 2, 7, 50}) {
            Prediction piece = pieces.next(steps);
            assertArrayEquals(
                    all.x().slice(1, at, at + steps).toArray(), piece.x().toArray());
            assertArrayEquals(
                    all.legal().slice(1, at, at + steps).toArray(),
                    piece.legal().toArray());
            for (int b = 0; b < 3; b++) {
                assertEquals(steps, piece.lengths()[b]);
                for (int t = 0; t < steps; t++) {
                    assertEquals(all.next()[b][at + t], piece.next()[b][t]);
                }
            }
            at += steps;
        }
        assertEquals(60, at);
    }

    @Test
    void rowsAreDifferentStreamsOfTheContinualGrammar() {
        ReberGrammar grammar = ReberGrammar.continual();
        Prediction p = ReberStream.of(RandomStream.of(2), 4).next(2000);
        String[] rows = new String[4];
        for (int b = 0; b < 4; b++) {
            int[] s = Check.symbols(p.x(), b, 2000);
            rows[b] = grammar.text(s);
            boolean[][] legal = grammar.legalNext(s); // throws when the row is not the beginning of a stream
            for (int t = 0; t < 2000; t++) {
                assertTrue(t == 1999 || s[t + 1] == p.next()[b][t]);
                assertTrue(legal[t][p.next()[b][t]]);
                for (int k = 0; k < 7; k++) {
                    assertEquals(legal[t][k] ? 1 : 0, p.legal().get(b, t, k));
                }
            }
            assertTrue(rows[b].split("EB", -1).length > 80, "many strings in a row");
            for (int other = 0; other < b; other++) {
                assertTrue(!rows[other].equals(rows[b]));
            }
        }
    }

    @Test
    void seedsAreReproducible() {
        Check.reproducible(
                "c38531c9", random -> Check.parts(ReberStream.of(random, 3).next(100)));
    }

    @Test
    void badArgumentsAreNamed() {
        Check.fails(
                "reber stream: batch 0 must be at least 1 (the number of sequences)",
                () -> ReberStream.of(RandomStream.of(1), 0));
        Check.fails(
                "next: steps 0 must be at least 1 (the symbols to read of each stream)",
                () -> ReberStream.of(RandomStream.of(1), 1).next(0));
    }
}
