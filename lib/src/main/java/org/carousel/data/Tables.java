package org.carousel.data;

import java.util.Locale;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/** Files of a set as Tablesaw tables; the only class here that needs Tablesaw on the class path. */
public final class Tables {
    private static final char NOT_IN_TEXT = '\0';

    private Tables() {}

    /**
     * A comma-separated file with a header line as a table.
     *
     * @throws DatasetException if the file cannot be had or is not UTF-8
     */
    public static Table csv(Dataset dataset, String file) {
        return Table.read().usingOptions(options(dataset, file, ',').header(true));
    }

    /**
     * A tab-separated list of words without a header line as a table, its columns named C0, C1, and so on; no word is
     * taken for a quotation mark, a comment or a missing value, and blank lines are left out.
     *
     * @throws DatasetException if the file cannot be had or is not UTF-8
     */
    public static Table tsv(Dataset dataset, String file) {
        return Table.read()
                .usingOptions(options(dataset, file, '\t')
                        .header(false)
                        .quoteChar(NOT_IN_TEXT)
                        .commentPrefix(NOT_IN_TEXT)
                        .missingValueIndicator(""));
    }

    private static CsvReadOptions.Builder options(Dataset dataset, String file, char separator) {
        // line by line, since the parser settles on the first line's kind of line end
        return CsvReadOptions.builderFromString(String.join("\n", dataset.lines(file)))
                .tableName(file)
                .separator(separator)
                .sample(false) // column types from all rows
                .locale(Locale.ROOT); // numbers and dates do not depend on the reader's country
    }
}
