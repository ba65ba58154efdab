package org.carousel.kernel.internal.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A shell that forgets gives the same values as one that does not. */
class SnippetMemoryTest {
    private static final int ENOUGH = 600; // so that the compiler, too, began anew

    private final JShell shell = JShell.builder().executionEngine("local").build();
    private final SnippetMemory memory = SnippetMemory.of(shell);

    @AfterEach
    void close() {
        shell.close();
    }

    private String value(String source) {
        List<SnippetEvent> events = shell.eval(source);
        assertEquals(Snippet.Status.VALID, events.get(0).status(), source);
        return String.valueOf(events.get(0).value());
    }

    private void pass(int cells) {
        for (int k = 0; k < cells; k++) {
            memory.cellEnded();
        }
    }

    @Test
    void itsTablesAreWhereTheyAreLookedFor() {
        assertTrue(
                memory.isOpen(),
                "without them sessions grow; run Java with --add-opens jdk.jshell/jdk.jshell=ALL-UNNAMED");
    }

    @Test
    void whatIsOverIsForgottenAndWhatLivesIsNot() {
        value("int counter = 1;");
        value("int twice(int x) { return 2 * x; }");
        value("record Point(int x) { Point plus(int y) { return new Point(x + y); } }");
        value("Point kept = new Point(3);");
        value("Runnable later = () -> counter += 100;");
        long before = shell.snippets().count();
        for (int k = 0; k < 100; k++) {
            value("for (int i = 0; i < 10; i++) { counter += i; }");
            value("counter = twice(counter) / 2;");
            value("int replaced = " + k + ";");
        }
        pass(ENOUGH);
        assertEquals(before + 1, shell.snippets().count());
        assertEquals("4501", value("counter"));
        value("later.run();");
        assertEquals("9202", value("twice(counter)"));
        assertEquals("Point[x=5]", value("kept.plus(2)"));
        value("int twice(int x) { return 3 * x + replaced; }");
        assertEquals("102", value("twice(1)"));
    }

    /** A declaration after one that was dropped begins again with the same names of classes, which are loaded already. */
    @Test
    void aNameThatWasDroppedMayComeAgain() {
        for (int k = 0; k < 4; k++) {
            value("class Box { int number() { return " + k + "; } }");
            value("Box box = new Box();");
            pass(ENOUGH);
            assertEquals(String.valueOf(k), value("box.number()"));
            shell.snippets()
                    .filter(s -> shell.status(s) == Snippet.Status.VALID
                            && s.source().startsWith("class Box"))
                    .forEach(shell::drop);
            pass(ENOUGH);
        }
    }

    @Test
    void whatIsMissingMayBeDeclaredLater() {
        shell.eval("int late() { return unknown() + 1; }");
        pass(ENOUGH);
        value("int unknown() { return 6; }");
        pass(ENOUGH);
        assertEquals("7", value("late()"));
        value("int unknown() { return 8; }");
        pass(ENOUGH);
        assertEquals("9", value("late()"));
    }
}
