package org.carousel.kernel.internal;

import java.util.List;
import org.carousel.fuzzing.Reader;
import org.carousel.fuzzing.Sealed;

/** Damaged histories of cells: what is damaged is left out, and nothing is refused. */
public final class FuzzedHistory {
    private FuzzedHistory() {}

    /** The one reader. */
    public static Reader reader() {
        return Reader.of(
                "history",
                List.of(Reader.bytes("[1,0,\"\",\"\"]\n[1,1,\"int \\u00e9 = 1;\",\"\"]\n[2,1,\"1 + 1\",\"2\"]\n")),
                List.of("[1,1,", "null", "[[[[", "\\ud83d", "{\"a\":1}", "1e400"),
                content -> Sealed.in(content, file -> HistoryFile.of(file).read()));
    }
}
