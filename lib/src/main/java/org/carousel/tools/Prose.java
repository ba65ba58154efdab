package org.carousel.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The sentences of a Markdown cell and what is to be checked in each. */
final class Prose {
    /**
     * One sentence, item of a list or row of a table.
     *
     * @param text as written, on one line
     * @param figures the numbers that an output must show
     */
    record Sentence(String text, List<Figure> figures) {}

    private static final Pattern FENCE = Pattern.compile("(?ms)^(```|~~~).*?^\\1\\s*$");
    private static final Pattern DISPLAY = Pattern.compile("(?s)\\$\\$.*?\\$\\$");
    private static final Pattern ITEM = Pattern.compile("^\\s*(?:[-*+]|\\d+[.)])\\s+");
    private static final Pattern RULE = Pattern.compile("^\\s*\\|?\\s*:?-{3,}.*");
    private static final Pattern END = Pattern.compile("(?<=[.!?]|[.!?][*_\")”]{1,3})(?<!al\\.|e\\.g\\.|i\\.e\\.|vs\\."
            + "|Fig\\.|Eq\\.|No\\.| [A-Z]\\.)\\s+(?=[\\p{Lu}*_\"“(\\[$\\d`])|(?<=-->)\\s+(?=[\\p{Lu}*_\"“(\\[$\\d`])");

    /** The light marks; everything after the word is free: {@code <!-- arithmetic: 4 times 0.25 -->}. */
    private static final Pattern MARK = Pattern.compile("<!--\\s*(?:paper|arithmetic)\\b.*?-->");

    private static final Pattern COMMENT = Pattern.compile("(?s)<!--.*?-->");

    /** An author and a year: Elman 1990; Gers, Schmidhuber and Cummins (2000); Greff et al. 2017. */
    private static final Pattern CITATION = Pattern.compile(
            "\\b(?!(?:In|Since|Of|From|By|Until|After|Before|The|And|At|For|Around|Java|January|February|March|April"
                    + "|May|June|July|August|September|October|November|December)\\b)"
                    + "\\p{Lu}[\\p{L}'’-]+(?: et al\\.?)?,? \\(?(?:19|20)\\d\\d[a-z]?\\b");

    private static final Pattern PAPERS_COLUMN = Pattern.compile(
            "(?i)\\b(paper|papers|paper's|papers'|published|literature|reported|theirs|authors|authors')\\b");

    private static final Pattern META = Pattern.compile(
            "^\\s*(?:\\*+(?:Time|Prerequisites|Papers?|Sources?|Previous|Next|Data)\\b.*|\\[Open on Binder\\].*"
                    + "|.*\\b(?:Previous|Next):.*\\.ipynb.*)");

    private static final String NUMERAL = "§?\\d+(?:\\.\\d+)*[a-z]?";

    private static final Pattern ADDRESS = Pattern.compile(
            "(?i)(?:§|\\b(?:sections?|chapters?|exercises?|figures?|fig\\.|equations?|eqs?\\.|tables?|appendix|pages?"
                    + "|pp?\\.|versions?|JDK|Java|solutions?|volume|vol\\.|part|parts))[ \\u00a0]*"
                    + NUMERAL + "(?:(?:, | and |, and | to | or |-|–)" + NUMERAL + "(?![\\w%]| %))*");

    private static final Pattern LINK =
            Pattern.compile("(!?)\\[([^\\]]*)\\]\\(<?((?:[^()\\s]|\\([^()]*\\))*)>?[^)]*\\)");
    private static final Pattern SOURCE = Pattern.compile("(?i)arxiv|doi:|://|\\w\\.\\w+/|\\bRFC\\b");

    private Prose() {}

    /** What is neither code nor displayed equation. */
    static String plain(String markdown) {
        return DISPLAY.matcher(FENCE.matcher(markdown).replaceAll("\n")).replaceAll("\n");
    }

    /** The sentences, in order. Lines on time, prerequisites and papers, and headings, are left out. */
    static List<Sentence> sentences(String markdown) {
        List<Sentence> found = new ArrayList<>();
        StringBuilder block = new StringBuilder();
        List<Boolean> papers = new ArrayList<>();
        String[] lines = plain(markdown).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i];
            boolean row = line.strip().startsWith("|");
            if (row && i + 1 < lines.length && RULE.matcher(lines[i + 1]).matches()) {
                papers = columns(line);
            }
            if (row) {
                flush(block, found);
                found.add(row(line, papers));
            } else {
                papers = List.of();
                boolean apart = line.isBlank()
                        || line.startsWith("#")
                        || ITEM.matcher(line).find();
                if (apart || META.matcher(line).matches()) {
                    flush(block, found);
                }
                if (!line.startsWith("#") && !META.matcher(line).matches()) {
                    block.append(ITEM.matcher(line).replaceFirst("")).append(' ');
                }
            }
        }
        flush(block, found);
        return found;
    }

    private static void flush(StringBuilder block, List<Sentence> found) {
        if (block.toString().strip().startsWith("<!--") && MARK.matcher(block).find()) {
            found.add(new Sentence(block.toString().strip(), List.of()));
            block.setLength(0);
        }
        for (String sentence : END.split(block.toString().strip(), -1)) {
            if (!sentence.isBlank()) {
                found.add(new Sentence(sentence, figures(sentence)));
            }
        }
        block.setLength(0);
    }

    private static List<Boolean> columns(String header) {
        boolean all = MARK.matcher(header).find();
        return cells(header).stream()
                .map(c -> all
                        || PAPERS_COLUMN.matcher(c).find()
                        || CITATION.matcher(c).find())
                .toList();
    }

    private static List<String> cells(String row) {
        return List.of(row.strip().replaceAll("^\\||\\|$", "").split("(?<!\\\\)\\|", -1));
    }

    private static Sentence row(String line, List<Boolean> papers) {
        if (MARK.matcher(line).find()) {
            return new Sentence(line, List.of());
        }
        List<Figure> figures = new ArrayList<>();
        List<String> cells = cells(line);
        if (PAPERS_COLUMN.matcher(cells.get(0)).find() || CITATION.matcher(line).find()) {
            return new Sentence(line, figures);
        }
        for (int i = 0; i < cells.size(); i++) {
            if (i >= papers.size() || !papers.get(i)) {
                figures.addAll(figures(cells.get(i)));
            }
        }
        return new Sentence(line, figures);
    }

    private static List<Figure> figures(String sentence) {
        if (MARK.matcher(sentence).find() || CITATION.matcher(sentence).find()) {
            return List.of();
        }
        String text = COMMENT.matcher(sentence).replaceAll(" ");
        text = text.replaceAll("`[^`]*`", " ");
        text = LINK.matcher(text).replaceAll(Prose::linked);
        text = ADDRESS.matcher(text).replaceAll(" ");
        text = text.replaceAll("<[^>]*>", " ").replace("\\%", "%").replace("**", "");
        return Figure.inProse(text);
    }

    /** What is read of a link: its text, when that is a sentence's and no source or chapter. */
    private static String linked(java.util.regex.MatchResult link) {
        boolean skip = !link.group(1).isEmpty()
                || link.group(3).endsWith(".ipynb")
                || SOURCE.matcher(link.group(2)).find();
        return skip ? " " : Matcher.quoteReplacement(link.group(2));
    }

    /** Addresses of all links and pictures, in Markdown and HTML. */
    static List<String> links(String markdown) {
        List<String> links = new ArrayList<>();
        Matcher m = LINK.matcher(plain(markdown).replaceAll("`[^`]*`", " "));
        while (m.find()) {
            links.add(m.group(3));
        }
        Matcher html = Pattern.compile("<(?:img|a)\\b[^>]*?\\b(?:src|href)=[\"']([^\"']*)[\"']")
                .matcher(markdown);
        while (html.find()) {
            links.add(html.group(1));
        }
        return links;
    }
}
