package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of this library are there when nothing else is meant, and never in the way. */
class GivingImportsTest extends KernelCase {
    @TempDir
    static Path folder;

    @Test
    void findsWhatIsMeant() {
        assertEquals("6.0", value("double sum = Tensor.ones(2, 3).sum().item(); sum"));
        assertEquals("[2]", value("Stream.of(1).map(x -> x + 1).collect(Collectors.toList())"));
        assertEquals("a\n", ok("say(\"a\");").text("stdout"));
    }

    @Test
    void theReadersOwnTypesWinAlsoBeforeTheyAreDeclared() {
        ok("import org.carousel.layers.*; import org.carousel.training.*; import org.carousel.recurrent.*;");
        assertEquals(
                "3",
                value(
                        "class Network { Layer l = new Layer(3); } class Layer { int n; Layer(int n) { this.n = n; } } new Network().l.n"));
        for (String name : List.of(
                "Cell", "Loss", "Trainer", "Optimizer", "History", "Sequence", "Split", "Row", "Table", "Parameters")) {
            assertEquals(
                    "3",
                    value("class Uses" + name + " { " + name + " l = new " + name + "(3); } class " + name
                            + " { int n; " + name + "(int n) { this.n = n; } } new Uses" + name + "().l.n"));
        }
    }

    @Test
    void theReadersOwnMethodsWin() {
        ok("import static org.carousel.tensor.Tensor.*;");
        assertEquals(
                "8",
                value("int doubled(int x) { return stack(x) * 2; } int stack(int x) { return x + 1; } doubled(3)"));
    }

    @Test
    void theReadersImportsWin() throws IOException {
        Path source = folder.resolve("Trainer.java");
        Files.writeString(source, "package stranger; public interface Trainer { int N = 4; }");
        assertEquals(
                0,
                ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", folder.toString(), source.toString()));
        ok("History none = null;"); // by now this library's package is imported
        ok("%classpath " + folder);
        assertEquals("4", value("import stranger.*;\nTrainer t = null;\nTrainer.N"));
    }
}
