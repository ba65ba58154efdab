package org.carousel.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.carousel.layers.Affine;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Gru;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Elementwise;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.functions.TokenGru;

/**
 * How an English word is spoken: the network of g2p-en, two GRUs with nothing between them but one state.
 *
 * <pre>
 * h = GRU(letters and an end)          h_t = GRU'(sound_{t-1}, h_{t-1}), h_0 = h          sound_t = argmax(W h_t + b)
 * </pre>
 *
 * <p>No attention: whatever the word was must fit into h. Source: github.com/Kyubyong/g2p, version 2.1.0; the form is
 * Sutskever, Vinyals, Le 2014, arXiv:1409.3215. For use by any number of threads.
 */
public final class Speller {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
    private static final int UNKNOWN_LETTER = 1;
    private static final int LETTER_END = 2;
    private static final int BEGIN = 2;
    private static final int END = 3;
    private static final int MOST = 20;
    private static final int BATCH = 512;
    private static final List<String> SOUNDS =
            List.of(("<pad> <unk> <s> </s> AA0 AA1 AA2 AE0 AE1 AE2 AH0 AH1 AH2 AO0 AO1"
                            + " AO2 AW0 AW1 AW2 AY0 AY1 AY2 B CH D DH EH0 EH1 EH2 ER0 ER1 ER2 EY0 EY1 EY2 F G HH IH0 IH1 IH2 IY0"
                            + " IY1 IY2 JH K L M N NG OW0 OW1 OW2 OY0 OY1 OY2 P R S SH T TH UH0 UH1 UH2 UW UW0 UW1 UW2 V W Y Z"
                            + " ZH")
                    .split(" "));

    private final int size;
    private final TokenGru reader;
    private final TokenGru speaker;
    private final Affine output;

    private Speller(NamedTensors weights) {
        size = weights.size("reader.weight_hh_l0", 1);
        reader = gru(weights, "reader.", LETTERS.length() + 3, size);
        speaker = gru(weights, "speaker.", SOUNDS.size(), size);
        output = new Affine(
                weights.take("output.weight", SOUNDS.size(), size), weights.take("output.bias", SOUNDS.size()));
        weights.requireNoneLeft();
    }

    private static TokenGru gru(NamedTensors weights, String part, int tokens, int size) {
        int in = weights.size(part + "weight_ih_l0", 1);
        Tensor embedding = weights.take(part + "embedding", tokens, in);
        Gru gru = GateOrder.PYTORCH.gru(
                Map.of(
                        "weight_ih_l0", weights.take(part + "weight_ih_l0", 3 * size, in),
                        "weight_hh_l0", weights.take(part + "weight_hh_l0", 3 * size, size),
                        "bias_ih_l0", weights.take(part + "bias_ih_l0", 3 * size),
                        "bias_hh_l0", weights.take(part + "bias_hh_l0", 3 * size)),
                true);
        Parameters p = gru.parameters();
        return new TokenGru(
                tokens,
                in,
                size,
                operand(embedding),
                operand(p.get("weight_ih_l0")),
                operand(p.get("bias_ih_l0")),
                operand(p.get("weight_hh_l0")),
                operand(p.get("bias_hn_l0")));
    }

    private static TokenGru.Operand operand(Tensor x) {
        return new TokenGru.Operand(Fused.array(x), Fused.offset(x));
    }

    /**
     * Reads {@code checkpoint20.npz}.
     *
     * @throws IllegalArgumentException when the file is damaged or of another network
     */
    public static Speller load(Path file) {
        NamedTensors weights =
                new NamedTensors("load: " + file, "those of g2p-en 2.1.0", Npz.load(file)).renamed(NameTable.G2P_EN);
        return Tensor.withoutGradient(() -> new Speller(weights));
    }

    /** What stands between reading and speaking: h after the last letter, [1×H]. */
    public Tensor read(String word) {
        return Tensor.wrap(read(new String[] {word}), 1, size);
    }

    /**
     * The sounds of a word in ARPAbet with stress, the most probable one at each step, at most {@value #MOST}.
     *
     * @param word small letters a-z; any other character is read as an unknown one
     */
    public List<String> speak(String word) {
        return speak(List.of(word)).get(0);
    }

    /**
     * The sounds of many words, the same as of each alone and several times as fast: words go through the network
     * together, and what they begin with alike is read once.
     *
     * @param words small letters a-z; any other character is read as an unknown one
     */
    public List<List<String>> speak(List<String> words) {
        int[] order = IntStream.range(0, words.size())
                .boxed()
                .sorted(Comparator.comparing(words::get))
                .mapToInt(i -> i)
                .toArray();
        List<List<String>> all = new ArrayList<>(Collections.nCopies(words.size(), List.of()));
        for (int from = 0; from < order.length; from += BATCH) {
            int[] some = Arrays.copyOfRange(order, from, Math.min(from + BATCH, order.length));
            List<List<String>> spoken = spoken(
                    some.length, read(Arrays.stream(some).mapToObj(words::get).toArray(String[]::new)));
            for (int k = 0; k < some.length; k++) {
                all.set(some[k], spoken.get(k));
            }
        }
        return all;
    }

    /**
     * h after each of some words in alphabetical order, [n×H]. Letter by letter, a row for every beginning that is not
     * that of the word before.
     */
    private float[] read(String... words) {
        int n = words.length;
        float[] read = new float[n * size];
        float[] room = reader.room(n);
        float[] states = new float[size];
        int[] row = new int[n]; // where the letters so far of each word have their state
        int[] tokens = new int[n];
        for (int t = 0; ; t++) {
            float[] next = new float[n * size];
            int rows = 0;
            int before = -1;
            for (int k = 0; k < n; k++) {
                if (words[k].length() == t) {
                    System.arraycopy(states, row[k] * size, read, k * size, size);
                } else if (words[k].length() > t) {
                    if (before < 0 || !words[k].regionMatches(0, words[before], 0, t + 1)) {
                        System.arraycopy(states, row[k] * size, next, rows * size, size);
                        tokens[rows] = letter(words[k].charAt(t));
                        rows++;
                    }
                    row[k] = rows - 1;
                    before = k;
                }
            }
            if (rows == 0) {
                break;
            }
            reader.step(rows, tokens, next, room);
            states = next;
        }
        Arrays.fill(tokens, LETTER_END);
        reader.step(n, tokens, read, room);
        return read;
    }

    /** What is spoken from each of n states on, [n×H]; words that have ended make room for the others. */
    private List<List<String>> spoken(int n, float[] h) {
        float[] room = speaker.room(n);
        float[] scores = new float[n * SOUNDS.size()];
        int[] sounds = new int[n];
        Arrays.fill(sounds, BEGIN);
        int[] word = IntStream.range(0, n).toArray();
        List<List<String>> spoken = new ArrayList<>();
        for (int k = 0; k < n; k++) {
            spoken.add(new ArrayList<>());
        }
        int speaking = n;
        for (int step = 0; step < MOST && speaking > 0; step++) {
            speaker.step(speaking, sounds, h, room);
            scores(speaking, h, scores);
            int still = 0;
            for (int k = 0; k < speaking; k++) {
                int sound = Elementwise.largest(SOUNDS.size(), scores, k * SOUNDS.size());
                if (sound == END) {
                    continue;
                }
                spoken.get(word[k]).add(SOUNDS.get(sound));
                sounds[still] = sound;
                word[still] = word[k];
                if (still < k) {
                    System.arraycopy(h, k * size, h, still * size, size);
                }
                still++;
            }
            speaking = still;
        }
        return spoken;
    }

    private void scores(int rows, float[] h, float[] y) {
        int out = SOUNDS.size();
        Tensor b = output.b();
        Kernels.active()
                .matmulPacked(
                        rows,
                        h,
                        0,
                        size,
                        Fused.packed(output.W(), true),
                        Fused.array(b),
                        Fused.offset(b),
                        0,
                        y,
                        0,
                        out);
    }

    private static int letter(char c) {
        int known = LETTERS.indexOf(c);
        return known < 0 ? UNKNOWN_LETTER : LETTER_END + 1 + known;
    }
}
