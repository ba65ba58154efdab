package org.carousel.attention.transformer;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.carousel.tensor.RandomStream;

/**
 * Makes holes in text: some tokens are to be guessed, and most of these are hidden.
 *
 * <p>Of the n ordinary tokens of a sequence, max(1, 0.15 n rounded) are chosen. Each chosen one becomes the mask with
 * probability 0.8, a random ordinary token with 0.1, and stays as it is with 0.1; so that a model which never sees a
 * mask again in its use has reason to read the other tokens, too. Special tokens are never chosen and never put in.
 *
 * <p>Source: Devlin et al. 2018, arXiv:1810.04805, section 3.1 and appendix A.1. Differs from the paper's code in: the 15 %
 * are of the ordinary tokens.
 *
 * @param vocabularySize V
 * @param specials how many special tokens there are; they are 0 .. specials-1
 * @param mask which of them is the mask
 * @param share of the tokens that are chosen, in (0, 1]
 * @param hidden share of the chosen that become the mask
 * @param random share of the chosen that become a random token; the rest stay
 */
public record Masking(int vocabularySize, int specials, int mask, double share, double hidden, double random) {
    /** Checks the ranges. */
    public Masking {
        if (mask < 0 || mask >= specials || specials >= vocabularySize) {
            throw new IllegalArgumentException("masking: mask " + mask + " must be one of " + specials
                    + " special tokens, and of the " + vocabularySize + " tokens some must be ordinary");
        }
        if (!(share > 0 && share <= 1) || !(hidden >= 0 && random >= 0 && hidden + random <= 1)) {
            throw new IllegalArgumentException("masking: share " + share + " must lie in (0, 1], and the shares "
                    + hidden + " and " + random + " from 0 on and be at most 1 together");
        }
    }

    /**
     * Sequences with holes.
     *
     * @param tokens the sequences, some tokens replaced
     * @param places the chosen places, sequence by sequence and from left to right, each as b·T + t with T the longest length
     * @param words what stood there
     */
    public record Masked(int[][] tokens, int[] places, int[] words) {}

    /** The shares of the paper: 15 %, and of these 80 %, 10 % and 10 %. */
    public static Masking standard(int vocabularySize, int specials, int mask) {
        return new Masking(vocabularySize, specials, mask, 0.15, 0.8, 0.1);
    }

    /**
     * Makes holes. Not modified: {@code tokens}.
     *
     * @throws IllegalArgumentException when a sequence has no ordinary token
     */
    public Masked apply(int[][] tokens, RandomStream stream) {
        int[][] chosen = new int[tokens.length][];
        for (int b = 0; b < tokens.length; b++) {
            chosen[b] = choose(b, tokens[b], stream);
        }
        return holes(tokens, chosen, stream);
    }

    /**
     * Hides given places, all under the mask: one place t for each sequence. Not modified: {@code tokens}.
     *
     * @throws IllegalArgumentException when there is no such place
     */
    public Masked at(int[][] tokens, int... places) {
        if (places.length != tokens.length) {
            throw new IllegalArgumentException(
                    "masking: " + places.length + " places for " + tokens.length + " sequences");
        }
        for (int b = 0; b < places.length; b++) {
            if (places[b] < 0 || places[b] >= tokens[b].length) {
                throw new IllegalArgumentException("masking: place " + places[b] + " of sequence " + b
                        + " is outside 0.." + (tokens[b].length - 1));
            }
        }
        int[][] chosen = Arrays.stream(places).mapToObj(t -> new int[] {t}).toArray(int[][]::new);
        return new Masking(vocabularySize, specials, mask, share, 1, 0).holes(tokens, chosen, RandomStream.of(0));
    }

    /** Places of ordinary tokens in rising order. */
    private int[] choose(int sequence, int[] tokens, RandomStream stream) {
        int[] ordinary = IntStream.range(0, tokens.length)
                .filter(t -> tokens[t] >= specials)
                .toArray();
        if (ordinary.length == 0) {
            throw new IllegalArgumentException("masking: sequence " + sequence + " of " + tokens.length
                    + " tokens has none but special ones; nothing can be hidden");
        }
        int count = (int) Math.max(1, Math.round(share * ordinary.length));
        int[] order = stream.permutation(ordinary.length);
        return Arrays.stream(order).limit(count).map(k -> ordinary[k]).sorted().toArray();
    }

    private Masked holes(int[][] tokens, int[][] chosen, RandomStream stream) {
        int steps = Arrays.stream(tokens).mapToInt(row -> row.length).max().orElse(0);
        int[][] changed = Arrays.stream(tokens).map(int[]::clone).toArray(int[][]::new);
        IntStream.Builder places = IntStream.builder();
        IntStream.Builder words = IntStream.builder();
        for (int b = 0; b < tokens.length; b++) {
            for (int t : chosen[b]) {
                places.add(b * steps + t);
                words.add(tokens[b][t]);
                changed[b][t] = replacement(tokens[b][t], stream);
            }
        }
        return new Masked(changed, places.build().toArray(), words.build().toArray());
    }

    private int replacement(int token, RandomStream stream) {
        double u = stream.nextDouble();
        if (u < hidden) {
            return mask;
        }
        return u < hidden + random ? stream.nextInt(specials, vocabularySize) : token;
    }
}
