package org.carousel.spark;

import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.carousel.training.trials.Place;

/**
 * A Spark cluster as the place of a study's trials:
 *
 * <pre>{@code
 * study.on(SparkPlace.of(spark.sparkContext())).run(1620, Path.of("trials.csv"));
 * }</pre>
 *
 * <p>Every trial is a job of one task; as many run at a time as the context has cores. The file of results lies with the
 * driver, and is the one that the same study writes without a cluster. A trial's own failure is a result; when an executor is
 * lost or the task cannot be run there, Spark runs it again, {@code spark.task.maxFailures} times in all (in {@code local[n]}
 * once, in {@code local[n,f]} f times).
 *
 * <p>What a trial refers to travels to the executors: it must be serializable, and its classes must be in the jars of the
 * application. Trials written in a notebook's cells run in the notebook.
 */
public final class SparkPlace implements Place {
    private final JavaSparkContext context;

    private SparkPlace(JavaSparkContext context) {
        this.context = context;
    }

    /** The executors of a context, that of a {@code SparkSession} for instance. */
    public static SparkPlace of(SparkContext context) {
        return new SparkPlace(JavaSparkContext.fromSparkContext(context));
    }

    @Override
    public int together() {
        return Math.max(1, context.defaultParallelism());
    }

    @Override
    public String run(Task task) throws InterruptedException {
        JavaFutureAction<List<String>> job =
                context.parallelize(List.of(task), 1).map(Task::run).collectAsync();
        try {
            return job.get().get(0);
        } catch (InterruptedException e) {
            job.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("spark: a trial could not be run: " + e.getCause(), e.getCause());
        }
    }

    @Override
    public String toString() {
        return "Spark at " + context.master();
    }
}
