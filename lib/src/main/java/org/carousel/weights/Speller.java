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
import org.carousel.layers.Embedding;
import org.carousel.recurrent.CellStream;
import org.carousel.recurrent.Gru;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.Elementwise;

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
    private static final int BATCH = 64;
    private static final List<String> SOUNDS =
            List.of(("<pad> <unk> <s> </s> AA0 AA1 AA2 AE0 AE1 AE2 AH0 AH1 AH2 AO0 AO1"
                            + " AO2 AW0 AW1 AW2 AY0 AY1 AY2 B CH D DH EH0 EH1 EH2 ER0 ER1 ER2 EY0 EY1 EY2 F G HH IH0 IH1 IH2 IY0"
                            + " IY1 IY2 JH K L M N NG OW0 OW1 OW2 OY0 OY1 OY2 P R S SH T TH UH0 UH1 UH2 UW UW0 UW1 UW2 V W Y Z"
                            + " ZH")
                    .split(" "));

    private final Embedding letters;
    private final Gru reader;
    private final Embedding sounds;
    private final Gru speaker;
    private final Affine output;

    private Speller(NamedTensors weights) {
        int size = weights.size("enc_w_hh", 1);
        letters = new Embedding(weights.take("enc_emb", LETTERS.length() + 3, weights.size("enc_w_ih", 1)));
        reader = gru(weights, "enc", size);
        sounds = new Embedding(weights.take("dec_emb", SOUNDS.size(), weights.size("dec_w_ih", 1)));
        speaker = gru(weights, "dec", size);
        output = new Affine(weights.take("fc_w", SOUNDS.size(), size), weights.take("fc_b", SOUNDS.size()));
        weights.requireNoneLeft();
    }

    private static Gru gru(NamedTensors weights, String part, int size) {
        int in = weights.size(part + "_w_ih", 1);
        return GateOrder.PYTORCH.gru(
                Map.of(
                        "weight_ih_l0", weights.take(part + "_w_ih", 3 * size, in),
                        "weight_hh_l0", weights.take(part + "_w_hh", 3 * size, size),
                        "bias_ih_l0", weights.take(part + "_b_ih", 3 * size),
                        "bias_hh_l0", weights.take(part + "_b_hh", 3 * size)),
                true);
    }

    /**
     * Reads {@code checkpoint20.npz}.
     *
     * @throws IllegalArgumentException when the file is damaged or of another network
     */
    public static Speller load(Path file) {
        NamedTensors weights = new NamedTensors("load: " + file, "those of g2p-en 2.1.0", Npz.load(file));
        return Tensor.withoutGradient(() -> new Speller(weights));
    }

    /** What stands between reading and speaking: h after the last letter, [1×H]. */
    public Tensor read(String word) {
        CellStream<Tensor> stream = reader.stream(reader.initial(1));
        float[] x = new float[reader.inputSize()];
        for (int t = 0; t <= word.length(); t++) {
            letters.into(new int[] {letter(word, t)}, x, x.length);
            stream.step(x);
        }
        return stream.state();
    }

    /**
     * The sounds of a word in ARPAbet with stress, the most probable one at each step, at most {@value #MOST}.
     *
     * @param word small letters a-z; any other character is read as an unknown one
     */
    public List<String> speak(String word) {
        CellStream<Tensor> stream = speaker.stream(read(word));
        float[] x = new float[speaker.inputSize()];
        float[] scores = new float[SOUNDS.size()];
        List<String> spoken = new ArrayList<>();
        int sound = BEGIN;
        while (spoken.size() < MOST) {
            sounds.into(new int[] {sound}, x, x.length);
            output.into(stream.step(x), scores);
            sound = Elementwise.largest(scores.length, scores, 0);
            if (sound == END) {
                break;
            }
            spoken.add(SOUNDS.get(sound));
        }
        return spoken;
    }

    /**
     * The sounds of many words, the same as of each alone and several times as fast: words of about one length go through
     * the network together.
     *
     * @param words small letters a-z; any other character is read as an unknown one
     */
    public List<List<String>> speak(List<String> words) {
        int[] order = IntStream.range(0, words.size())
                .boxed()
                .sorted(Comparator.comparing(i -> words.get(i).length()))
                .mapToInt(i -> i)
                .toArray();
        List<List<String>> all = new ArrayList<>(Collections.nCopies(words.size(), List.of()));
        for (int from = 0; from < order.length; from += BATCH) {
            int[] some = Arrays.copyOfRange(order, from, Math.min(from + BATCH, order.length));
            List<List<String>> spoken =
                    together(Arrays.stream(some).mapToObj(words::get).toList());
            for (int k = 0; k < some.length; k++) {
                all.set(some[k], spoken.get(k));
            }
        }
        return all;
    }

    private List<List<String>> together(List<String> words) {
        int n = words.size();
        int[] lengths = words.stream().mapToInt(word -> word.length() + 1).toArray();
        int[][] tokens = new int[n][Arrays.stream(lengths).max().orElseThrow()];
        for (int k = 0; k < n; k++) {
            for (int t = 0; t < lengths[k]; t++) {
                tokens[k][t] = letter(words.get(k), t);
            }
        }
        Tensor read = Tensor.withoutGradient(() ->
                reader.run(letters.apply(tokens), reader.initial(n), lengths).last());
        CellStream<Tensor> stream = speaker.stream(read);
        float[] x = new float[n * speaker.inputSize()];
        float[] scores = new float[n * SOUNDS.size()];
        int[] sound = new int[n];
        Arrays.fill(sound, BEGIN);
        List<List<String>> spoken = new ArrayList<>();
        words.forEach(word -> spoken.add(new ArrayList<>()));
        int speaking = n;
        for (int step = 0; step < MOST && speaking > 0; step++) {
            sounds.into(sound, x, speaker.inputSize());
            output.into(stream.step(x), scores);
            for (int k = 0; k < n; k++) {
                if (sound[k] != END) {
                    sound[k] = Elementwise.largest(SOUNDS.size(), scores, k * SOUNDS.size());
                    if (sound[k] == END) {
                        speaking--;
                    } else {
                        spoken.get(k).add(SOUNDS.get(sound[k]));
                    }
                }
            }
        }
        return spoken;
    }

    private static int letter(String word, int t) {
        if (t == word.length()) {
            return LETTER_END;
        }
        int known = LETTERS.indexOf(word.charAt(t));
        return known < 0 ? UNKNOWN_LETTER : LETTER_END + 1 + known;
    }
}
