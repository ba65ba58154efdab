package org.carousel.plot;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.carousel.training.trials.Configuration;
import org.carousel.training.trials.Parameter;
import org.carousel.training.trials.Result;
import org.carousel.training.trials.Space;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** The results of a study as a Tablesaw table. */
public final class TrialTable {
    private TrialTable() {}

    /**
     * A row for each trial: number, seed, settings, outcome, and what it measured, which is missing where it failed. The file
     * of a study, read with {@code Table.read().csv(file)}, has the same columns.
     *
     * @throws IllegalArgumentException when there are no results
     */
    public static <R extends Record> Table of(List<Result<R>> results) {
        if (results.isEmpty()) {
            throw new IllegalArgumentException("trial table: there are no results");
        }
        Table table = Table.create(
                "Trials",
                column("trial", results, Result::number),
                column("seed", results, Result::seed),
                column("outcome", results, Result::outcome));
        int k = 2;
        for (String name : results.get(0).settings().values().keySet()) {
            table.insertColumn(
                    k++, column(name, results, r -> r.settings().values().get(name)));
        }
        results.stream().flatMap(r -> r.value().stream()).findFirst().ifPresent(first -> {
            for (RecordComponent c : first.getClass().getRecordComponents()) {
                table.addColumns(column(c.getName(), results, r -> r.value()
                        .map(v -> read(c, v))
                        .orElse(null)));
            }
        });
        return table;
    }

    /**
     * The settings of every row of a table that has a column for each parameter: what
     * {@link org.carousel.training.trials.Importance} asks for.
     */
    public static List<Configuration> settings(Space space, Table trials) {
        List<Configuration> all = new ArrayList<>();
        for (int row = 0; row < trials.rowCount(); row++) {
            Map<String, Object> values = new LinkedHashMap<>();
            for (Parameter p : space.parameters()) {
                values.put(p.name(), p.parse(trials.column(p.name()).getUnformattedString(row)));
            }
            all.add(new Configuration(values));
        }
        return all;
    }

    private static Object read(RecordComponent component, Record value) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("trial table: " + component + " cannot be read", e);
        }
    }

    private static <R extends Record> Column<?> column(
            String name, List<Result<R>> results, Function<Result<R>, @Nullable Object> value) {
        List<@Nullable Object> all = results.stream().map(value).toList();
        Object first = all.stream().filter(Objects::nonNull).findFirst().orElse("");
        if (first instanceof Integer) {
            IntColumn column = IntColumn.create(name);
            all.forEach(v -> column.appendObj(v));
            return column;
        }
        if (first instanceof Long) {
            LongColumn column = LongColumn.create(name);
            all.forEach(v -> column.appendObj(v));
            return column;
        }
        if (first instanceof Boolean) {
            BooleanColumn column = BooleanColumn.create(name);
            all.forEach(v -> column.appendObj(v));
            return column;
        }
        if (first instanceof Number) {
            return DoubleColumn.create(
                    name,
                    all.stream()
                            .mapToDouble(v -> v == null ? Double.NaN : ((Number) v).doubleValue())
                            .toArray());
        }
        return StringColumn.create(name, all.stream().map(v -> v == null ? "" : v.toString()));
    }
}
