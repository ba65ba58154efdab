package org.carousel.labelling;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What BIO tags mean: stretches of a type. {@code B-X} begins one, {@code I-X} goes on with it, {@code O} is outside.
 *
 * <p>Tags that break the rules are read as the CoNLL evaluation and seqeval's default do: an {@code I-X} after something
 * that is no X begins a span.
 *
 * <p>Source: Tjong Kim Sang, Buchholz 2000, Introduction to the CoNLL-2000 shared task, W00-0726.
 */
public final class Spans {
    private Spans() {}

    /**
     * A stretch.
     *
     * @param type what it is
     * @param begin its first step
     * @param end the step after its last
     */
    public record Span(String type, int begin, int end) {}

    /**
     * How many spans are right: type and both ends.
     *
     * @param found how many were said
     * @param there how many there are
     * @param right how many of them are the same
     */
    public record Score(int found, int there, int right) {
        /** right / found; 0 where nothing was found. */
        public double precision() {
            return found == 0 ? 0 : (double) right / found;
        }

        /** right / there; 0 where there is nothing. */
        public double recall() {
            return there == 0 ? 0 : (double) right / there;
        }

        /** The harmonic mean of precision and recall, 2 right / (found + there); 0 where both are empty. */
        public double f1() {
            return found + there == 0 ? 0 : 2.0 * right / (found + there);
        }
    }

    /** The spans of a sequence of tags. */
    public static List<Span> of(List<String> tags) {
        List<Span> spans = new ArrayList<>();
        String open = "";
        int begin = 0;
        for (int t = 0; t <= tags.size(); t++) {
            String tag = t < tags.size() ? tags.get(t) : "O";
            String type = type(tag);
            boolean goesOn = tag.startsWith("I") && !open.isEmpty() && type.equals(open);
            if (!goesOn) {
                if (!open.isEmpty()) {
                    spans.add(new Span(open, begin, t));
                }
                open = type;
                begin = t;
            }
        }
        return spans;
    }

    private static String type(String tag) {
        if (tag.equals("O")) {
            return "";
        }
        if (tag.length() < 3 || !(tag.startsWith("B-") || tag.startsWith("I-"))) {
            throw new IllegalArgumentException("spans: tag \"" + tag + "\" is neither O nor B-TYPE nor I-TYPE");
        }
        return tag.substring(2);
    }

    /** Over all sequences together (micro average). */
    public static Score score(List<List<String>> said, List<List<String>> right) {
        if (said.size() != right.size()) {
            throw new IllegalArgumentException(
                    "spans: " + said.size() + " sequences said, " + right.size() + " right ones");
        }
        int found = 0;
        int there = 0;
        int same = 0;
        for (int n = 0; n < said.size(); n++) {
            if (said.get(n).size() != right.get(n).size()) {
                throw new IllegalArgumentException("spans: " + said.get(n).size() + " tags said in sequence " + n
                        + ", where " + right.get(n).size() + " are right");
            }
            Set<Span> mine = new HashSet<>(of(said.get(n)));
            List<Span> wanted = of(right.get(n));
            found += mine.size();
            there += wanted.size();
            same += (int) wanted.stream().filter(mine::contains).count();
        }
        return new Score(found, there, same);
    }

    /** The rule of BIO: I-X only after B-X or I-X. */
    public static Crf.Constraint rule(List<String> tags) {
        List<String> types = tags.stream().map(Spans::type).toList();
        return new Crf.Constraint() {
            @Override
            public boolean begins(int tag) {
                return !tags.get(tag).startsWith("I");
            }

            @Override
            public boolean follows(int before, int after) {
                return !tags.get(after).startsWith("I") || types.get(before).equals(types.get(after));
            }
        };
    }
}
