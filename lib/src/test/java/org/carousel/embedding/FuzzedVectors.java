package org.carousel.embedding;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.carousel.files.internal.ByteReader;
import org.carousel.files.internal.Lines;
import org.carousel.fuzzing.Reader;
import org.carousel.fuzzing.Sealed;
import org.carousel.tensor.Tensor;

/** Files of word vectors. */
public final class FuzzedVectors {
    private FuzzedVectors() {}

    /** One reader for each format. */
    public static List<Reader> readers() {
        WordVectors vectors = WordVectors.of(
                List.of("the", "été", "cat"),
                Tensor.of(1, 2, -0.5f, 3e-9f, 7, 0).reshape(3, 2));
        byte[] text = saved(vectors, VectorFormat.WORD2VEC_TEXT);
        byte[] binary = saved(vectors, VectorFormat.WORD2VEC_BINARY);
        byte[] glove = saved(vectors, VectorFormat.GLOVE_TEXT);
        byte[] npy = Sealed.written(FuzzedVectors.npy(vectors));
        byte[] spaces = Reader.bytes(". . . 1 2\r\nat name@domain.com 3 4\r\n");
        List<String> words = List.of("3 2\n", " 1 2", "\nthe 1 2", "the ");
        return List.of(
                Reader.of("word2vec text", List.of(text), words, content -> TextVectors.read(in(content), true)),
                Reader.of("word2vec binary", List.of(binary), words, content -> BinaryVectors.read(in(content))),
                Reader.of("GloVe", List.of(glove, spaces), words, content -> TextVectors.read(in(content), false)),
                Reader.of(
                        "npy",
                        List.of(npy),
                        List.of("'descr': '<f8'", "'fortran_order': True", "'shape': (2, 3)", "(", ")", "'"),
                        content -> NpyVectors.read(in(content), vectors.words(), Path.of("x.words"))),
                Reader.of(
                        ".words",
                        List.of(Reader.bytes("the\nété\ncat\n"), Reader.bytes("\ufeffa b\r\nc\r\n")),
                        List.of("\r"),
                        content -> Lines.read(in(content))));
    }

    private static byte[] saved(WordVectors vectors, VectorFormat format) {
        return Sealed.written(file -> vectors.save(file, format));
    }

    private static Consumer<Path> npy(WordVectors vectors) {
        return file -> {
            Path npy = file.resolveSibling(file.getFileName() + ".npy");
            vectors.save(npy, VectorFormat.NPY);
            try {
                java.nio.file.Files.move(npy, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                java.nio.file.Files.delete(NpyVectors.wordsFile(npy));
            } catch (java.io.IOException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static ByteReader in(byte[] content) {
        return ByteReader.of(Reader.FILE, new ByteArrayInputStream(content), content.length);
    }
}
