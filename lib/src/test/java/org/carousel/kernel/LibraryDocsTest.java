package org.carousel.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LibraryDocsTest {
    @Test
    void findsMethodsConstructorsAndClasses() {
        String of = LibraryDocs.of(
                "LstmVariant LstmVariant.of(LstmForm form, int inputSize, int hiddenSize, RandomStream random)");
        assertTrue(of.startsWith("First weights as"), of);
        String train = LibraryDocs.of("History Trainer.train(int steps, java.util.function.IntFunction<Tensor> loss)");
        assertTrue(train.contains("@param"), train);
        String type = LibraryDocs.of("org.carousel.recurrent.LstmForm");
        assertTrue(type.startsWith("Which equations of the vanilla LSTM"), type);
        assertTrue(LibraryDocs.of("LstmVariant.State").startsWith("What is carried"), "nested");
        assertEquals("", LibraryDocs.of("int Math.max(int a, int b)"));
        assertEquals("", LibraryDocs.of("java.lang.String"));
    }

    @Test
    void leavesOutTheMarks() {
        assertEquals("A code and Type.\n\nNext", LibraryDocs.plain(" A {@code code} and {@link Type}.\n\n<p>Next"));
    }
}
