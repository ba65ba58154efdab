package org.carousel.embedding.text;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a text file, cut into words while they are read. No more than 10,000 words are in memory: a longer line comes
 * in pieces.
 */
final class TextLines extends Spliterators.AbstractSpliterator<List<String>> {
    private static final int LONGEST_WORD = 1 << 20;
    private static final int MOST_WORDS = 10_000; // of a line, as in gensim; what is left of it comes next
    private static final char BYTE_ORDER_MARK = 0xfeff;

    private final String name;
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int filled;
    /** Where the buffer begins in the text. */
    private long start;

    private long lineNumber;
    private boolean isWithin; // a line whose beginning was handed out
    private byte[] word = new byte[64];
    /** Where the word begins in the text. */
    private long wordStart;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports what is not UTF-8

    private TextLines(String name, InputStream in) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.name = name;
        this.in = in;
    }

    static Stream<List<String>> of(Path path) {
        if (!Files.isDirectory(path)) {
            return file(path);
        }
        try (Stream<Path> below = Files.walk(path)) {
            List<Path> files = below.filter(file -> Files.isRegularFile(file)
                            && !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
            return files.stream().flatMap(TextLines::file); // closes each before it opens the next
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be read: " + e, e);
        }
    }

    private static Stream<List<String>> file(Path path) {
        try {
            TextLines lines = new TextLines(path.toString(), open(path));
            return StreamSupport.stream(lines, false).onClose(lines::close);
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be read: " + e, e);
        }
    }

    private static InputStream open(Path path) throws IOException {
        InputStream in = Files.newInputStream(path);
        if (!path.toString().endsWith(".gz")) {
            return in;
        }
        try {
            return new GZIPInputStream(new BufferedInputStream(in), 1 << 16);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": cannot be closed: " + e, e);
        }
    }

    /** The words of one line of text. */
    static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i <= line.length(); i++) {
            if (i == line.length() || Vocabulary.separates(line.charAt(i))) {
                if (i > begin) {
                    words.add(line.substring(begin, i));
                }
                begin = i + 1;
            }
        }
        return words;
    }

    @Override
    public boolean tryAdvance(Consumer<? super List<String>> action) {
        List<String> words = nextLine();
        if (words == null) {
            return false;
        }
        action.accept(words);
        return true;
    }

    private @Nullable List<String> nextLine() {
        boolean isRest = isWithin;
        isWithin = false;
        if (!isRest) {
            lineNumber++;
        }
        List<String> words = new ArrayList<>();
        int length = 0;
        while (true) {
            int b = next();
            if (b > ' ' && b != 0x7f) {
                if (length == 0) {
                    wordStart = start + position - 1;
                }
                if (length == LONGEST_WORD) {
                    throw new IllegalArgumentException("%s, line %d: a word of more than %d bytes, from byte %d on"
                            .formatted(name, lineNumber, LONGEST_WORD, wordStart));
                }
                if (length == word.length) {
                    word = Arrays.copyOf(word, 2 * length);
                }
                word[length++] = (byte) b;
                continue;
            }
            if (length > 0) {
                String text = decode(length);
                boolean marked = wordStart == 0 && text.charAt(0) == BYTE_ORDER_MARK; // as some editors begin a file
                if (!marked || text.length() > 1) {
                    words.add(marked ? text.substring(1) : text);
                }
                length = 0;
                if (words.size() == MOST_WORDS && b != '\n') { // text8, for one, is a single line of 17 million
                    isWithin = true;
                    return words;
                }
            }
            if (b == '\n') {
                if (!isRest || !words.isEmpty()) {
                    return words;
                }
                isRest = false; // nothing was left but the blanks at its end
                lineNumber++;
            }
            if (b < 0) { // the last line need not end
                return words.isEmpty() ? null : words;
            }
        }
    }

    /** The next byte as a number from 0 to 255, or -1 at the end. */
    private int next() {
        if (position == filled) {
            start += filled;
            position = 0;
            try {
                filled = Math.max(0, in.read(buffer));
            } catch (IOException e) {
                throw new UncheckedIOException(
                        name + ", line " + lineNumber + ", byte " + start + ": cannot be read: " + e.getMessage(), e);
            }
            if (filled == 0) {
                return -1;
            }
        }
        return buffer[position++] & 0xff;
    }

    private String decode(int length) {
        boolean ascii = true;
        for (int i = 0; i < length; i++) {
            ascii &= word[i] >= 0;
        }
        if (ascii) {
            return new String(word, 0, length, StandardCharsets.US_ASCII);
        }
        ByteBuffer bytes = ByteBuffer.wrap(word, 0, length);
        try {
            return decoder.decode(bytes).toString();
        } catch (CharacterCodingException e) {
            long at = wordStart + bytes.position();
            throw new IllegalArgumentException(
                    "%s, line %d: byte %d (0x%02X) is not valid UTF-8"
                            .formatted(name, lineNumber, at, word[bytes.position()] & 0xff),
                    e);
        }
    }
}
