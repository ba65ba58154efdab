package org.carousel.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.carousel.files.internal.Failures;
import org.carousel.tensor.Tensor;

/**
 * Pieces of music as the pitches that sound at each time step: what a network must predict of the next step from those
 * before.
 *
 * <p>The usual split of Bach's chorales into 229, 76 and 77 pieces, one step per quarter note, is that of
 * Boulanger-Lewandowski, Bengio and Vincent, ICML 2012, arXiv:1206.6392. A piece is an array of steps, a step the MIDI
 * numbers of its pitches (60 is middle C); a step without pitches is a rest. Files write a rest as an empty step, or in
 * each voice as -1: both are read.
 *
 * @param training the pieces to learn from
 * @param validation the pieces that decide when to stop
 * @param test the pieces that are looked at once
 */
public record Chorales(List<int[][]> training, List<int[][]> validation, List<int[][]> test) {
    /** Copies the lists. */
    public Chorales {
        training = List.copyOf(training);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
    }

    /**
     * Some pieces of a batch as piano rolls: 1 where a pitch sounds, 0 elsewhere and behind the end.
     *
     * @param x all steps but the last [B×T×K]
     * @param next the step that follows each [B×T×K]
     * @param lengths the steps of each piece, one less than it has
     */
    public record Batch(Tensor x, Tensor next, int[] lengths) {}

    /**
     * The chorales in steps of quarter notes.
     *
     * @param dataset {@link Datasets#jsbChorales}
     * @throws DatasetException if the file cannot be had
     * @throws IllegalArgumentException if it is not of the expected form
     */
    public static Chorales quarters(Dataset dataset) {
        return parse(dataset.text("jsb-chorales-quarter.json"));
    }

    /**
     * The three lists of a JSON object: {@code {"train": [[[60, 64], [62]], ...], "valid": [...], "test": [...]}}.
     *
     * @throws IllegalArgumentException if the text is of another form, with the place where it departs
     */
    public static Chorales parse(String json) {
        Map<String, List<int[][]>> parts = new Reader(json).parts();
        for (String name : List.of("train", "valid", "test")) {
            if (!parts.containsKey(name)) {
                throw new IllegalArgumentException("chorales: no part \"" + name + "\"; there are "
                        + Failures.shortened(parts.keySet().toString()));
            }
        }
        return new Chorales(
                parts.getOrDefault("train", List.of()),
                parts.getOrDefault("valid", List.of()),
                parts.getOrDefault("test", List.of()));
    }

    /** The lowest and the highest pitch of all pieces. Throws when nothing sounds. */
    public int[] range() {
        int lowest = Integer.MAX_VALUE;
        int highest = Integer.MIN_VALUE;
        for (List<int[][]> part : List.of(training, validation, test)) {
            for (int[][] piece : part) {
                for (int[] step : piece) {
                    for (int pitch : step) {
                        lowest = Math.min(lowest, pitch);
                        highest = Math.max(highest, pitch);
                    }
                }
            }
        }
        if (lowest > highest) {
            throw new IllegalArgumentException("range: no pitch sounds in any piece");
        }
        return new int[] {lowest, highest};
    }

    /**
     * Pieces side by side, the shorter ones padded.
     *
     * @param lowest the pitch of column 0
     * @param highest the pitch of column K-1
     * @throws IllegalArgumentException when there is no piece, one has fewer than two steps, or a pitch lies outside
     */
    public static Batch batch(List<int[][]> pieces, int lowest, int highest) {
        int width = highest - lowest + 1;
        int[] lengths = pieces.stream().mapToInt(piece -> piece.length - 1).toArray();
        int steps = 0;
        for (int length : lengths) {
            if (length < 1) {
                throw new IllegalArgumentException(
                        "batch: a piece of " + (length + 1) + " steps; two are needed, one to read and one to predict");
            }
            steps = Math.max(steps, length);
        }
        if (steps == 0) {
            throw new IllegalArgumentException("batch: no pieces");
        }
        float[] x = new float[pieces.size() * steps * width];
        float[] next = new float[x.length];
        for (int b = 0; b < lengths.length; b++) {
            for (int t = 0; t < lengths[b]; t++) {
                int at = (b * steps + t) * width;
                mark(pieces.get(b)[t], lowest, highest, x, at);
                mark(pieces.get(b)[t + 1], lowest, highest, next, at);
            }
        }
        int[] shape = {pieces.size(), steps, width};
        return new Batch(Tensor.wrap(x, shape), Tensor.wrap(next, shape), lengths);
    }

    /**
     * All pieces in batches of {@code size}, those of similar length together, so that little is padding; the last batch
     * may be smaller.
     *
     * @throws IllegalArgumentException as {@link #batch}, or when the size is not positive
     */
    public static List<Batch> batches(List<int[][]> pieces, int size, int lowest, int highest) {
        if (size < 1) {
            throw new IllegalArgumentException("batches: size " + size + " must be at least 1");
        }
        List<int[][]> sorted = new ArrayList<>(pieces);
        sorted.sort(Comparator.comparingInt(piece -> piece.length));
        List<Batch> all = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += size) {
            all.add(batch(sorted.subList(from, Math.min(from + size, sorted.size())), lowest, highest));
        }
        return all;
    }

    private static void mark(int[] pitches, int lowest, int highest, float[] roll, int at) {
        for (int pitch : pitches) {
            if (pitch < lowest || pitch > highest) {
                throw new IllegalArgumentException(
                        "batch: pitch " + pitch + " lies outside " + lowest + ".." + highest);
            }
            roll[at + pitch - lowest] = 1;
        }
    }

    /** As much JSON as the file needs: an object of lists of lists of lists of whole numbers. */
    private static final class Reader {
        private static final int REST = -1;

        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        Map<String, List<int[][]>> parts() {
            Map<String, List<int[][]>> parts = new LinkedHashMap<>();
            expect('{');
            do {
                String name = name();
                expect(':');
                parts.put(name, list(() -> list(this::step).toArray(new int[0][])));
            } while (accept(','));
            expect('}');
            space();
            if (at != text.length()) {
                throw wrong("the end");
            }
            return parts;
        }

        private int[] step() {
            return list(this::number).stream()
                    .mapToInt(Integer::intValue)
                    .filter(pitch -> pitch != REST)
                    .toArray();
        }

        private <E> List<E> list(java.util.function.Supplier<E> element) {
            List<E> all = new ArrayList<>();
            expect('[');
            if (!accept(']')) {
                do {
                    all.add(element.get());
                } while (accept(','));
                expect(']');
            }
            return all;
        }

        private String name() {
            expect('"');
            int end = text.indexOf('"', at);
            if (end < 0) {
                throw wrong("the end of a name");
            }
            String name = text.substring(at, end);
            at = end + 1;
            return name;
        }

        private int number() {
            space();
            if (text.startsWith("-1", at)) {
                at += 2;
                return REST;
            }
            int from = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            if (at == from || at - from > 3) {
                throw wrong("a pitch");
            }
            return Integer.parseInt(text.substring(from, at));
        }

        private void expect(char c) {
            if (!accept(c)) {
                throw wrong("'" + c + "'");
            }
        }

        private boolean accept(char c) {
            space();
            boolean there = at < text.length() && text.charAt(at) == c;
            at += there ? 1 : 0;
            return there;
        }

        private void space() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private IllegalArgumentException wrong(String expected) {
            return new IllegalArgumentException("chorales: " + expected + " expected at character " + at);
        }
    }
}
