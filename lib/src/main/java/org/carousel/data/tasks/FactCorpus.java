package org.carousel.data.tasks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.carousel.tensor.RandomStream;

/**
 * Simple sentences about facts, and analogies whose answers follow from them: for word vectors that are learned in
 * seconds and can be marked.
 *
 * <p>The facts: countries with capital, language and currency; animals and their young; professions and where they
 * work; forms of verbs; words for men and women. Three kinds of sentences speak of them, besides some on fruits,
 * vegetables, beverages and colours:
 *
 * <pre>
 * what is near       the mayor of paris opens a museum of champagne
 * what is far        streets in paris never saw tulips
 * a statement        paris is the capital of france
 * </pre>
 *
 * <p>A sentence of the first kind joins a word that tells the role (mayor) and one that tells the thing (champagne).
 * All words for a thing share the second, all words of a role the first, which makes vectors that predict neighbours
 * close to role + thing, and paris - france + italy close to rome.
 *
 * <p>The second kind brings in rare pairs, and so does a slip in one sentence of twenty, which takes a word of the same
 * thing but of another role (the mayor of france). Every real text has both; a method that looks only at what was counted
 * learns nothing from pairs that never meet: without slips GloVe mixes up paris and french.
 *
 * <p>Some pairs are held out: no statement joins them, and the only way from italy to rome is by analogy. Only relations
 * with one answer are asked for: the currency of Japan, but not the euro.
 *
 * <p>The facts are true, the stories around them are drawn at random. There are about a hundred things, so that vectors
 * need about as many numbers to keep them all apart: at 50, analogies fail.
 */
public final class FactCorpus {
    private static final int EXAMPLES = 8; // pairs a : b for each pair c : d
    private static final double STATEMENTS = 0.25; // the share among the sentences about a thing
    private static final double GROUP_SENTENCES = 0.1;
    private static final double SLIPS = 0.1; // in which the role may be any

    /** The fact that role {@code role} of a thing is its word. */
    private record Pair(Facts.Family family, int thing, int role) {
        String thingWord() {
            return family.things()[thing][0];
        }

        String roleWord() {
            return family.things()[thing][role];
        }
    }

    /** Pairs of a role and the first one, such as country and capital. */
    private record Relation(String name, List<Pair> stated, List<Pair> heldOut) {}

    private final List<Relation> relations = new ArrayList<>();
    private final Set<Pair> unsaid = new java.util.HashSet<>();
    private final RandomStream random;

    private FactCorpus(double share, RandomStream random) {
        this.random = random;
        for (Facts.Family family : Facts.FAMILIES) {
            for (int role = 1; role < family.roles().size(); role++) {
                String name = family.roles().get(0) + "-" + family.roles().get(role);
                List<Pair> pairs = unambiguous(family, role);
                List<Pair> shuffled = Arrays.stream(random.split(name).permutation(pairs.size()))
                        .mapToObj(pairs::get)
                        .toList();
                int kept = pairs.size() - (int) Math.round(share * pairs.size());
                relations.add(new Relation(name, shuffled.subList(0, kept), shuffled.subList(kept, pairs.size())));
                unsaid.addAll(shuffled.subList(kept, pairs.size()));
            }
        }
    }

    /**
     * The corpus with some pairs held out.
     *
     * @param heldOut the share of the pairs of each relation that no sentence states, in [0, 0.9]
     * @param random decides which
     * @throws IllegalArgumentException when the share is out of range
     */
    public static FactCorpus english(double heldOut, RandomStream random) {
        if (!(heldOut >= 0 && heldOut <= 0.9)) {
            throw new IllegalArgumentException("facts: held-out share " + heldOut + " must lie in [0, 0.9]");
        }
        return new FactCorpus(heldOut, random.split("facts"));
    }

    /** Pairs whose role word belongs to no other thing: of which the answer of an analogy is certain. */
    private static List<Pair> unambiguous(Facts.Family family, int role) {
        List<Pair> pairs = new ArrayList<>();
        for (int thing = 0; thing < family.things().length; thing++) {
            String word = family.things()[thing][role];
            if (Arrays.stream(family.things()).filter(t -> t[role].equals(word)).count() == 1) {
                pairs.add(new Pair(family, thing, role));
            }
        }
        return pairs;
    }

    // ------------------------------------------------------------------ sentences

    /**
     * Sentences, each of small letters with single spaces.
     *
     * <p>Every word for a thing is equally likely, so that all are learned equally well.
     *
     * @param count how many, at least 1; 50,000 name every word for a thing about 150 times
     * @throws IllegalArgumentException when the count is below 1
     */
    public List<String> sentences(int count, RandomStream random) {
        Require.atLeast("sentences", "count", count, 1, "50000 are a good number");
        List<Pair> words = new ArrayList<>();
        for (Facts.Family family : Facts.FAMILIES) {
            for (int thing = 0; thing < family.things().length; thing++) {
                for (int role = 0; role < family.roles().size(); role++) {
                    words.add(new Pair(family, thing, role));
                }
            }
        }
        List<String> sentences = new ArrayList<>(count);
        for (int n = 0; n < count; n++) {
            boolean group = random.nextDouble() < GROUP_SENTENCES;
            sentences.add(group ? groupSentence(random) : sentence(words.get(random.nextInt(words.size())), random));
        }
        return sentences;
    }

    private static String groupSentence(RandomStream random) {
        Facts.Group group = Facts.GROUPS.get(random.nextInt(Facts.GROUPS.size()));
        return any(group.about(), random)
                .replace("{x}", group.words().get(random.nextInt(group.words().size())));
    }

    private String sentence(Pair pair, RandomStream random) {
        Facts.Family family = pair.family;
        boolean state = random.nextDouble() < STATEMENTS;
        if (state && pair.role > 0 && !unsaid.contains(pair)) {
            return any(family.statements()[pair.role], random)
                    .replace("{x}", pair.thingWord())
                    .replace("{y}", pair.roleWord());
        }
        String[] marks = family.marks()[pair.thing];
        int things = family.things().length;
        int other = (pair.thing + 1 + random.nextInt(things - 1)) % things;
        int role = random.nextDouble() < SLIPS ? random.nextInt(family.roles().size()) : pair.role;
        return any(family.about()[role], random)
                .replace("{x}", pair.roleWord())
                .replace("{s}", marks[0])
                .replace("{t}", marks[1])
                .replace("{o}", any(family.marks()[other], random));
    }

    private static String any(String[] templates, RandomStream random) {
        return templates[random.nextInt(templates.length)];
    }

    /** Every word that a sentence can hold, sorted. */
    public List<String> vocabulary() {
        Set<String> words = new TreeSet<>();
        for (Facts.Family family : Facts.FAMILIES) {
            Stream.of(family.things(), family.marks(), family.about(), family.statements())
                    .flatMap(Arrays::stream)
                    .flatMap(Arrays::stream)
                    .forEach(text -> words.addAll(Arrays.asList(text.split(" "))));
        }
        for (Facts.Group group : Facts.GROUPS) {
            words.addAll(group.words());
            Arrays.stream(group.about()).forEach(text -> words.addAll(Arrays.asList(text.split(" "))));
        }
        words.removeIf(word -> word.startsWith("{"));
        return List.copyOf(words);
    }

    // ------------------------------------------------------------------ questions

    /**
     * Analogies a is to b as c is to d, in which some sentence may state a : b and none states c : d.
     *
     * @return lines as in {@code questions-words.txt}: {@code : country-capital}, then {@code france paris italy rome}
     */
    public List<String> questions() {
        return questions("held out");
    }

    /** Analogies in which sentences may state both pairs, in the same form. */
    public List<String> statedQuestions() {
        return questions("stated");
    }

    private List<String> questions(String which) {
        List<String> lines = new ArrayList<>();
        for (Relation relation : relations) {
            lines.add(": " + relation.name);
            RandomStream own = random.split(which).split(relation.name);
            List<Pair> known = relation.stated;
            for (Pair c : which.equals("stated") ? known : relation.heldOut) {
                for (int i : Arrays.copyOf(own.permutation(known.size()), Math.min(EXAMPLES, known.size()))) {
                    Pair a = known.get(i);
                    if (!a.equals(c)) {
                        lines.add(String.join(" ", a.thingWord(), a.roleWord(), c.thingWord(), c.roleWord()));
                    }
                }
            }
        }
        return lines;
    }

    /**
     * Words of one kind and a stranger, who comes last: four of a kind and one of another.
     *
     * @param random draws them
     */
    public List<String> withStranger(RandomStream random) {
        List<List<String>> kinds = new ArrayList<>(groups().values());
        int kind = random.nextInt(kinds.size());
        int other = (kind + 1 + random.nextInt(kinds.size() - 1)) % kinds.size();
        List<String> words = new ArrayList<>();
        for (int i : Arrays.copyOf(random.permutation(kinds.get(kind).size()), 4)) {
            words.add(kinds.get(kind).get(i));
        }
        words.add(kinds.get(other).get(random.nextInt(kinds.get(other).size())));
        return words;
    }

    /** Words of one kind by the name of the kind: countries, capitals, fruits and so on. */
    public Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        for (Facts.Family family : Facts.FAMILIES) {
            for (int role = 0; role < family.roles().size(); role++) {
                int column = role;
                groups.put(
                        family.roles().get(role),
                        Arrays.stream(family.things())
                                .map(thing -> thing[column])
                                .distinct()
                                .toList());
            }
        }
        for (Facts.Group group : Facts.GROUPS) {
            groups.put(group.name(), group.words());
        }
        return groups;
    }
}
