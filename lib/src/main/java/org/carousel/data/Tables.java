package org.carousel.data;

import java.util.Locale;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/** Files of a set as Tablesaw tables; the only class here that needs Tablesaw on the class path. */
public final class Tables {
    private Tables() {}

    /**
     * A comma-separated file with a header line as a table.
     *
     * @throws DatasetException if the file cannot be had or is not UTF-8
     */
    public static Table csv(Dataset dataset, String file) {
        // line by line, since the parser settles on the first line's kind of line end
        return Table.read()
                .usingOptions(CsvReadOptions.builderFromString(String.join("\n", dataset.lines(file)))
                        .tableName(file)
                        .separator(',')
                        .sample(false) // column types from all rows
                        .locale(Locale.ROOT) // numbers and dates do not depend on the reader's country
                        .header(true));
    }
}
