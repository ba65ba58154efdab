package org.carousel.kernel.internal;

import io.github.spencerpark.jupyter.kernel.history.HistoryEntry;
import io.github.spencerpark.jupyter.kernel.history.HistoryManager;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/**
 * The cells that were run, for the front end's history: by number, the last ones, or by a pattern. With a file it
 * remembers the cells of earlier runs, each run a session of its own.
 */
final class CellHistory implements HistoryManager {

    private final HistoryFile file;
    private final List<HistoryEntry> entries;
    private final int session;

    CellHistory(HistoryFile file) {
        this.file = file;
        entries = new ArrayList<>();
        session = file.begin(entries);
        entries.removeIf(entry -> entry.getCellNumber() == 0); // where a session begins, no cell
    }

    /** Keeps a cell and, as text, what it gave. A history that cannot be written is none of the cell's business. */
    synchronized void add(int number, String input, String output) {
        HistoryEntry entry = new HistoryEntry(session, number, input, output);
        entries.add(entry);
        try {
            file.append(entry);
        } catch (IOException e) {
            CellLog.KERNEL.log(Level.WARNING, "the history cannot be written: {0}", e.toString());
        }
    }

    @Override
    public synchronized List<HistoryEntry> lookupRange(int which, int from, int to, Set<ResultFlag> flags) {
        int wanted = which <= 0 ? session + which : which; // 0 is this session, negative ones are those before it
        List<HistoryEntry> found = new ArrayList<>();
        for (HistoryEntry entry : entries) {
            if (entry.getSession() == wanted && entry.getCellNumber() >= from && entry.getCellNumber() < to) {
                found.add(entry);
            }
        }
        return shown(found, flags);
    }

    @Override
    public synchronized List<HistoryEntry> lookupTail(int n, Set<ResultFlag> flags) {
        return shown(last(entries, n), flags);
    }

    /** {@code *} stands for any text, {@code ?} for one character; 0 asks for all. */
    @Override
    public synchronized List<HistoryEntry> search(@Nullable String pattern, int n, Set<ResultFlag> flags) {
        if (pattern == null) {
            throw new IllegalArgumentException("history_request: a search needs a pattern");
        }
        List<HistoryEntry> found = new ArrayList<>();
        Map<String, HistoryEntry> latest = new LinkedHashMap<>();
        for (HistoryEntry entry : entries) {
            if (matches(pattern, entry.getInput())) {
                found.add(entry);
                latest.remove(entry.getInput()); // its place is that of its last use
                latest.put(entry.getInput(), entry);
            }
        }
        List<HistoryEntry> all = flags.contains(ResultFlag.UNIQUE) ? new ArrayList<>(latest.values()) : found;
        return shown(n <= 0 ? all : last(all, n), flags);
    }

    private static List<HistoryEntry> last(List<HistoryEntry> all, int n) {
        return n <= 0 ? Collections.emptyList() : new ArrayList<>(all.subList(Math.max(0, all.size() - n), all.size()));
    }

    private static List<HistoryEntry> shown(List<HistoryEntry> found, Set<ResultFlag> flags) {
        if (flags.contains(ResultFlag.INCLUDE_OUTPUT)) {
            return found;
        }
        List<HistoryEntry> inputs = new ArrayList<>();
        for (HistoryEntry entry : found) {
            inputs.add(new HistoryEntry(entry.getSession(), entry.getCellNumber(), entry.getInput()));
        }
        return inputs;
    }

    /**
     * Whether a text is of a pattern. By hand, because a regular expression tries every way to share the text among many
     * stars, and a front end that asks waits for ever, as do all cells.
     */
    static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1; // the last one; what stands before it has its place already
        int after = 0;
        while (t < text.length()) {
            char c = p < pattern.length() ? pattern.charAt(p) : 0;
            if (p < pattern.length() && c == '*') {
                star = p++;
                after = t;
            } else if (p < pattern.length() && (c == '?' || c == text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) { // the star takes one character more
                p = star + 1;
                t = ++after;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
