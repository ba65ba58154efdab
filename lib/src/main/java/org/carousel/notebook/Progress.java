package org.carousel.notebook;

import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.carousel.notebook.internal.Frontend;
import org.carousel.training.TrainingListener;
import org.jspecify.annotations.Nullable;

/**
 * A bar that fills in place, at most ten times a second. What it shows at the end depends only on the work done, not on
 * how long it took, so a stored notebook is the same after every run.
 */
public final class Progress implements TrainingListener, AutoCloseable {
    private static final long PAUSE_NANOS = 100_000_000;
    private static final int CELLS = 30;

    private final String title;
    private final @Nullable Frontend frontend;
    private final String identity = UUID.randomUUID().toString();
    private int step;
    private int steps;
    private String note = "";
    private long lastShown;
    private boolean begun;
    private String shown = "";

    Progress(String title, @Nullable Frontend frontend) {
        this.title = title;
        this.frontend = frontend;
    }

    /** {@code step} of {@code steps} are done; {@code note} stands behind the bar. */
    public synchronized void at(int newStep, int newSteps, String newNote) {
        step = newStep;
        steps = newSteps;
        note = newNote;
        long now = System.nanoTime();
        if (!begun || step >= steps || now - lastShown > PAUSE_NANOS) {
            lastShown = now;
            draw();
        }
    }

    /** One more of {@code allSteps} is done, by whichever thread. */
    public synchronized void next(int allSteps, String newNote) {
        at(step + 1, allSteps, newNote);
    }

    @Override
    public void onStep(int newStep, int newSteps, double loss) {
        at(newStep, newSteps, String.format(Locale.ROOT, "loss %.3f", loss));
    }

    /** Shows the last state, also when the work ended early. */
    @Override
    public synchronized void close() {
        draw();
    }

    private void draw() {
        String text = text();
        if (frontend == null || text.equals(shown)) {
            return;
        }
        shown = text;
        Map<String, String> data = Map.of("text/plain", text);
        if (begun) {
            frontend.update(data, identity);
        } else {
            begun = true;
            frontend.display(data, Map.of(), identity);
        }
    }

    /** {@code training ██████████░░░░░ 200/300 loss 1.234}. */
    String text() {
        int full = steps == 0 ? 0 : (int) ((long) CELLS * Math.min(step, steps) / steps);
        String bar = "█".repeat(full) + "░".repeat(CELLS - full);
        return (title + " " + bar + " " + step + "/" + steps + " " + note).strip();
    }
}
