package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefaultImportsTest {
    @Test
    void theDefaultImportsNameEveryPackageCellsUse() throws IOException {
        List<String> imports = CarouselKernel.imports().lines().toList();
        assertTrue(imports.contains("import java.util.function.*;"));
        assertTrue(imports.contains("import java.util.stream.*;"));
        assertTrue(imports.contains("import static org.carousel.notebook.Notebook.*;"));
        try (jdk.jshell.JShell shell = jdk.jshell.JShell.create()) {
            shell.addToClasspath(System.getProperty("java.class.path"));
            for (String line : imports) {
                var status = shell.eval(line).get(0).status();
                assertEquals(jdk.jshell.Snippet.Status.VALID, status, line);
            }
        }
    }
}
