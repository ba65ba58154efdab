package org.carousel.training.trials;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.carousel.tensor.RandomStream;

/**
 * Asynchronous successive halving: many settings get a little, the best of them more, and the best of those more again.
 *
 * <pre>
 * r_k = least · factor^k                                                 what a trial on rung k gets, at most `most`
 * for trial n: from the highest rung down, if one of the best ⌊n_k / factor⌋ of the n_k ended trials of rung k
 *              has not been carried on, carry it on to rung k+1; if there is none, draw new settings for rung 0
 * </pre>
 *
 * <p>A trial that is carried on is trained anew from its first step, with the same seed and the larger amount: trials are
 * pure functions. Failures count as worst.
 *
 * <p>Differs from the paper: trial n looks at the results of the trials before n - {@code together} and at no other, even
 * if they are known already. So the same seed gives the same trials, in whatever order they end and on however many threads;
 * {@code together} is the largest number that can run at a time without waiting.
 *
 * <p>Source: Li, Jamieson, Rostamizadeh, Gonina, Hardt, Recht, Talwalkar: A system for massively parallel hyperparameter
 * tuning, MLSys 2020, arXiv:1810.05934, algorithm 2.
 *
 * @param amount the setting that is added: how much a trial gets, say "epochs"
 * @param least on rung 0, 1 or more
 * @param most on the highest rung
 * @param factor 2 or more
 * @param objective the result that is to become small
 * @param together how many trials may be under way at a time
 */
public record Halving(String amount, int least, int most, int factor, String objective, int together)
        implements Search {
    /** Checks the ranges. */
    public Halving {
        if (least < 1 || most < least || factor < 2 || together < 1) {
            throw new IllegalArgumentException("halving: " + amount + " from " + least + " to " + most
                    + " by the factor " + factor + ", " + together
                    + " together; least must be 1 or more, most no less, the factor 2 or more, together 1 or more");
        }
    }

    /** Four trials together. */
    public static Halving of(String amount, int least, int most, int factor, String objective) {
        return new Halving(amount, least, most, factor, objective, 4);
    }

    @Override
    public Space settings(Space space) {
        return new Space(Stream.concat(space.parameters().stream(), Stream.of(new Parameter.Whole(amount, 0, most)))
                .toList());
    }

    /** What each rung gives: {@code least, least · factor, ...}. */
    List<Integer> rungs() {
        List<Integer> all = new ArrayList<>();
        for (long r = least; r <= most; r *= factor) {
            all.add((int) r);
        }
        return all;
    }

    @Override
    public Proposal next(Space space, RandomStream random, List<Proposal> before, List<OptionalDouble> ends) {
        List<Integer> rungs = rungs();
        List<Set<Integer>> begun = new ArrayList<>();
        List<List<Integer>> ended = new ArrayList<>();
        for (int k = 0; k < rungs.size(); k++) {
            begun.add(new HashSet<>());
            ended.add(new ArrayList<>());
        }
        int known = Math.min(ends.size(), Math.max(0, before.size() - together + 1));
        for (int n = 0; n < before.size(); n++) {
            int rung = rungs.indexOf(before.get(n).settings().whole(amount));
            begun.get(rung).add(before.get(n).origin());
            if (n < known) {
                ended.get(rung).add(n);
            }
        }
        Comparator<Integer> best = Comparator.<Integer>comparingDouble(
                        n -> ends.get(n).orElse(Double.POSITIVE_INFINITY))
                .thenComparing(n -> n);
        for (int k = rungs.size() - 2; k >= 0; k--) {
            List<Integer> ranked = ended.get(k).stream().sorted(best).toList();
            for (int n : ranked.subList(0, ranked.size() / factor)) {
                int origin = before.get(n).origin();
                if (ends.get(n).isPresent() && !begun.get(k + 1).contains(origin)) {
                    return new Proposal(origin, with(before.get(n).settings(), rungs.get(k + 1)));
                }
            }
        }
        int n = before.size();
        return new Proposal(n, with(space.draw(n, random.split("settings").split(n)), least));
    }

    private Configuration with(Configuration settings, int given) {
        Map<String, Object> values = new LinkedHashMap<>(settings.values());
        values.put(amount, given);
        return new Configuration(values);
    }

    @Override
    public String toString() {
        return "halving " + amount + " " + least + ".." + most + " by " + factor + ", " + objective + ", " + together
                + " together";
    }
}
