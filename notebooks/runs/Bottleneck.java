import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.carousel.attention.Multiplicative;
import org.carousel.attention.seq2seq.CellDecoder;
import org.carousel.attention.seq2seq.CellEncoder;
import org.carousel.attention.seq2seq.EncoderDecoder;
import org.carousel.attention.seq2seq.LuongDecoder;
import org.carousel.data.Pairs;
import org.carousel.data.TokenVocabulary;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.carousel.training.Schedule;
import org.carousel.training.Trainer;

/**
 * The long run of chapters 20 and 21: how many random letters does the state of an LSTM hand over, after how many
 * batches? Three models of the same cell, an LSTM of H units that reads forwards or backwards and one that writes: without
 * attention, and with (Luong's, general). Three seeds each; the arguments are the hidden size, the longest string of
 * training, and the numbers of batches of 64. Its log lies beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp "lib/target/kernelspec/java/lib/*" \
 *     notebooks/runs/Bottleneck.java 64 12 500 2000 6000
 * </pre>
 */
class Bottleneck {
    private static final int TOKENS = 13;
    private static final int EMBEDDING = 16;
    private static final int ASKED = 200;

    public static void main(String[] arguments) {
        int hidden = Integer.parseInt(arguments[0]);
        int longest = Integer.parseInt(arguments[1]);
        int[] lengths = IntStream.iterate(4, n -> n <= longest + 6, n -> n + 2).toArray();
        System.out.printf(
                "H = %d, trained on 1 to %d letters, strings right of %d, seeds 1 to 3%n", hidden, longest, ASKED);
        System.out.printf("%-46s %s%n", "letters", text(lengths));
        for (int k = 2; k < arguments.length; k++) {
            int batches = Integer.parseInt(arguments[k]);
            run("copied state, read forwards", r -> copied(hidden, false, r), longest, batches, lengths);
            run("copied state, read backwards", r -> copied(hidden, true, r), longest, batches, lengths);
            run("attention, read forwards", r -> attention(hidden, r), longest, batches, lengths);
        }
    }

    private static void run(
            String name,
            Function<RandomStream, EncoderDecoder<int[][], ?>> make,
            int longest,
            int batches,
            int[] lengths) {
        for (int seed = 1; seed <= 3; seed++) {
            EncoderDecoder<int[][], ?> model = make.apply(RandomStream.of(seed));
            RandomStream draws = RandomStream.of(10 + seed);
            var history = Trainer.of(model.parameters(), Optimizer.adam(0.005))
                    .clipNorm(1)
                    .schedule(Schedule.cosine(0.02))
                    .train(batches, step -> {
                        Pairs pairs = strings(draws.split(step), 64, 1, longest);
                        return Loss.crossEntropy(
                                model.logits(pairs.sources(), pairs.targets()), model.labels(pairs.targets()));
                    });
            int[] right = Arrays.stream(lengths)
                    .map(n -> right(model, strings(RandomStream.of(20 + n), ASKED, n, n)))
                    .toArray();
            System.out.printf(
                    Locale.ROOT,
                    "%5d batches, %-30s %s   %,d weights, last loss %.4f%n",
                    batches,
                    name,
                    text(right),
                    model.parameters().count(),
                    history.recentLoss(50));
        }
    }

    private static EncoderDecoder<int[][], ?> copied(int H, boolean backwards, RandomStream r) {
        return new EncoderDecoder<>(
                encoder(H, backwards, r),
                new CellDecoder<>(
                        Embedding.of(TOKENS, EMBEDDING, r.split("target")),
                        Lstm.of(EMBEDDING, H, r.split("decoder")),
                        Affine.of(H, TOKENS, r.split("out"))),
                TokenVocabulary.BEGIN,
                TokenVocabulary.END);
    }

    private static EncoderDecoder<int[][], ?> attention(int H, RandomStream r) {
        return new EncoderDecoder<>(
                encoder(H, false, r),
                new LuongDecoder<>(
                        Embedding.of(TOKENS, EMBEDDING, r.split("target")),
                        Lstm.of(EMBEDDING + H, H, r.split("decoder")),
                        Multiplicative.general(H, H, r.split("attention")),
                        Affine.of(2 * H, H, r.split("combine")),
                        Affine.of(H, TOKENS, r.split("out")),
                        true),
                TokenVocabulary.BEGIN,
                TokenVocabulary.END);
    }

    private static CellEncoder<Lstm.State> encoder(int H, boolean backwards, RandomStream r) {
        return new CellEncoder<>(
                Embedding.of(TOKENS, EMBEDDING, r.split("source")),
                Lstm.of(EMBEDDING, H, r.split("encoder")),
                backwards);
    }

    private static Pairs strings(RandomStream random, int batch, int shortest, int longest) { // of ten letters
        int[][] all = new int[batch][];
        for (int b = 0; b < batch; b++) {
            all[b] = new int[random.nextInt(shortest, longest + 1)];
            Arrays.setAll(all[b], t -> 3 + random.nextInt(10));
        }
        return new Pairs(all, all);
    }

    private static int right(EncoderDecoder<int[][], ?> model, Pairs pairs) {
        int[][] written = model.greedy(pairs.sources(), 40);
        return (int) IntStream.range(0, pairs.size())
                .filter(b -> Arrays.equals(written[b], pairs.targets()[b]))
                .count();
    }

    private static String text(int... values) {
        return Arrays.stream(values).mapToObj("%4d"::formatted).collect(Collectors.joining());
    }
}
