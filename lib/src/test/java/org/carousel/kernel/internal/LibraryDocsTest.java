package org.carousel.kernel.internal;

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
    void findsTypesOfEveryPackage() {
        for (String type : new String[] {
            "org.carousel.attention.seq2seq.EncoderDecoder",
            "org.carousel.attention.transformer.MultiHead",
            "org.carousel.embedding.word2vec.Word2Vec",
            "org.carousel.embedding.counting.Glove",
            "org.carousel.training.analysis.GradientFlow",
            "org.carousel.weights.Checkpoint",
            "org.carousel.labelling.Ctc",
            "org.carousel.data.tasks.AddingTask"
        }) {
            String text = LibraryDocs.of(type);
            assertTrue(text.length() > 20, type + ": " + text);
            assertEquals(text, LibraryDocs.of(type.substring(type.lastIndexOf('.') + 1)), type);
        }
        assertEquals("", LibraryDocs.of("org.carousel.nowhere.Lstm"));
        assertEquals("", LibraryDocs.of("org.carousel.files.internal.AsideFile"), "not for users");
        assertTrue(LibraryDocs.of("Cell").length() > 20);
        assertEquals(LibraryDocs.of("org.carousel.recurrent.Cell"), LibraryDocs.of("Cell"), "not the kernel's");
    }

    @Test
    void leavesOutTheMarks() {
        assertEquals("A code and Type.\n\nNext", LibraryDocs.plain(" A {@code code} and {@link Type}.\n\n<p>Next"));
    }
}
