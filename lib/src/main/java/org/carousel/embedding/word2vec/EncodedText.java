package org.carousel.embedding.word2vec;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.carousel.embedding.text.Corpus;
import org.carousel.embedding.text.Vocabulary;
import org.jspecify.annotations.Nullable;

/**
 * A corpus as word indices, read once and then gone through in every epoch: blocks of whole sentences.
 *
 * <p>In memory while it is small, two bytes a word where that is enough, else in a temporary file that vanishes when it is
 * closed. Words outside the vocabulary are left out; a longer line than {@link #LONGEST_SENTENCE} counts as several.
 */
final class EncodedText implements Closeable {
    /** Ends a sentence in a block. */
    static final int END = -1;

    static final int LONGEST_SENTENCE = 1000;
    private static final long IN_MEMORY = 24_000_000;

    private final int blockSize;
    private final long inMemory;
    /** The blocks in memory: {@code int[]}, or with few different words {@code char[]}. */
    private final List<Object> blocks = new ArrayList<>();

    private final boolean fewDifferent;
    private final List<Long> fileOffsets = new ArrayList<>();
    private final List<Long> wordsBefore = new ArrayList<>();
    private long words;
    private long fingerprint = 0xcbf29ce484222325L; // FNV-1a over the indices
    private int[] current;
    private int filled;
    private int sentence;
    private @Nullable RandomAccessFile file; // no channel: an interrupt would close it in the middle of a block
    private @Nullable Path path;
    private @Nullable DataOutputStream out;
    private long written;

    private EncodedText(int blockSize, long inMemory, boolean fewDifferent) {
        this.blockSize = blockSize;
        this.fewDifferent = fewDifferent;
        this.inMemory = inMemory;
        this.current = new int[2 * blockSize + 2 * LONGEST_SENTENCE];
    }

    /**
     * Reads a corpus.
     *
     * @throws IllegalArgumentException if no line of it has two words of the vocabulary: there is nothing to learn from
     */
    static EncodedText of(Corpus corpus, Vocabulary vocabulary) {
        return of(corpus, vocabulary, IN_MEMORY);
    }

    /** With a number of words above which the rest goes into a file. */
    static EncodedText of(Corpus corpus, Vocabulary vocabulary, long inMemory) {
        // small texts get small blocks: the learning rate falls from block to block
        int blockSize = (int) Math.max(50, Math.min(10_000, vocabulary.total() / 200));
        EncodedText text = new EncodedText(blockSize, inMemory, vocabulary.size() <= Character.MAX_VALUE);
        try (Stream<List<String>> lines = corpus.lines()) {
            lines.forEachOrdered(line -> text.add(line, vocabulary));
            text.endBlock();
            if (text.out != null) {
                text.out.flush();
            }
        } catch (IOException e) {
            text.close();
            throw new UncheckedIOException("the temporary file of the encoded corpus cannot be written: " + e, e);
        } catch (RuntimeException | Error e) {
            text.close();
            throw e;
        }
        text.current = new int[0];
        if (text.words == 0) {
            throw new IllegalArgumentException(
                    "the corpus has no line with two words of the vocabulary; there is nothing to learn from");
        }
        return text;
    }

    private void add(List<String> line, Vocabulary vocabulary) {
        for (String word : line) {
            int index = vocabulary.index(word);
            if (index >= 0) {
                current[filled++] = index;
                if (++sentence == LONGEST_SENTENCE) {
                    endSentence();
                }
            }
        }
        endSentence();
    }

    private void endSentence() {
        if (sentence == 1) { // without a neighbour a word teaches nothing
            filled--;
        }
        if (sentence > 1) {
            words += sentence;
            current[filled++] = END;
        }
        sentence = 0;
        if (filled >= blockSize) {
            endBlock();
        }
    }

    private void endBlock() {
        if (filled == 0) {
            return;
        }
        long before = words;
        for (int i = 0; i < filled; i++) {
            fingerprint = (fingerprint ^ current[i]) * 0x100000001b3L;
            before -= current[i] == END ? 0 : 1;
        }
        wordsBefore.add(before);
        if (words <= inMemory) {
            blocks.add(fewDifferent ? chars(current, filled) : Arrays.copyOf(current, filled));
        } else {
            toFile();
        }
        filled = 0;
    }

    private static char[] chars(int[] words, int count) {
        char[] result = new char[count];
        for (int i = 0; i < count; i++) {
            result[i] = (char) words[i]; // END becomes the largest
        }
        return result;
    }

    private static int[] ints(char[] words) {
        int[] result = new int[words.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = words[i] == Character.MAX_VALUE ? END : words[i];
        }
        return result;
    }

    private void toFile() {
        try {
            DataOutputStream to = out;
            if (to == null) {
                path = Files.createTempFile("carousel-", ".words");
                file = new RandomAccessFile(path.toFile(), "rw");
                path.toFile().delete(); // where that is possible: then nothing is left, however the program ends
                to = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(file.getFD()), 1 << 16));
                out = to;
            }
            fileOffsets.add(written);
            for (int i = 0; i < filled; i++) {
                to.writeInt(current[i]);
            }
            written += 4L * filled;
        } catch (IOException e) {
            throw new UncheckedIOException("the temporary file of the encoded corpus cannot be written: " + e, e);
        }
    }

    /** The number of blocks. */
    int blocks() {
        return wordsBefore.size();
    }

    /** The number of words in all of them. */
    long words() {
        return words;
    }

    /** The number of words in the blocks before this one. */
    long wordsBefore(int block) {
        return block < wordsBefore.size() ? wordsBefore.get(block) : words;
    }

    /** A number that differs for another text, to recognise this one when training is resumed. */
    long fingerprint() {
        return fingerprint;
    }

    /** The indices of a block, {@link #END} after each sentence; not to be changed. Several threads may read. */
    int[] block(int block) {
        if (block < blocks.size()) {
            return blocks.get(block) instanceof char[] few ? ints(few) : (int[]) blocks.get(block);
        }
        int inFile = block - blocks.size();
        long from = fileOffsets.get(inFile);
        long to = inFile + 1 < fileOffsets.size() ? fileOffsets.get(inFile + 1) : written;
        byte[] bytes = new byte[(int) (to - from)];
        RandomAccessFile in = java.util.Objects.requireNonNull(file);
        try {
            synchronized (in) {
                in.seek(from);
                in.readFully(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the temporary file of the encoded corpus cannot be read: " + e, e);
        }
        int[] result = new int[bytes.length / 4];
        ByteBuffer.wrap(bytes).asIntBuffer().get(result);
        return result;
    }

    @Override
    public void close() {
        try {
            if (file != null) {
                file.close();
            }
            if (path != null) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the temporary file of the encoded corpus cannot be closed: " + e, e);
        }
    }
}
