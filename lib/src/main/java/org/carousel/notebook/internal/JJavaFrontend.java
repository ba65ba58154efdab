package org.carousel.notebook.internal;

import java.util.Map;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;

/** JJava, the maintained successor of IJava. */
final class JJavaFrontend implements Frontend {
    private final BaseKernel kernel;

    JJavaFrontend(BaseKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public void clearOutput() {
        // JJava has no way to clear
    }

    @Override
    public void display(Map<String, String> data, Map<String, Object> imageSize, String identity) {
        DisplayData shown = displayData(data, imageSize);
        shown.putTransientData("display_id", identity); // setDisplayId changed between releases
        kernel.display(shown);
    }

    @Override
    public void update(Map<String, String> data, String identity) {
        kernel.getIO().display.updateDisplay(identity, displayData(data, Map.of()));
    }

    @Override
    public void register(Class<?> type) {
        kernel.getRenderer().createRegistration(type).preferring("text/plain").register((value, context) -> {
            Rendering rendering = Rendering.of(value);
            context.getOutputContainer().assign(displayData(rendering.data(), rendering.imageSize()));
        });
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
