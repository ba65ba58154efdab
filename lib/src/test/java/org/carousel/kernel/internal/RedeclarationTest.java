package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A cell that is edited and run again changes what it declares, and no other variable in silence. */
class RedeclarationTest extends KernelCase {
    @Test
    void keepsTheValuesOfVariablesThatDependOnIt() {
        ok(
                "double rate = 0.01; var made = List.of(rate, 2 * rate); var last = made.get(1); int count = (int) (100 * rate);");
        assertEquals("", ok("double rate = 0.5;").text("stderr"));
        assertEquals(
                "\"0.5 [0.01, 0.02] 0.02 1\"",
                "\"" + value("rate + \" \" + made + \" \" + last + \" \" + count") + "\"");
    }

    @Test
    void keepsThemWhenTheTypeOfTheVariableChanges() {
        ok("var rows = List.of(1, 2, 3); var sum = rows.stream().mapToInt(x -> x).sum(); var mean = sum / 3.0;");
        ok("var rows = List.of(4, 5);");
        assertEquals("[4, 5] 6 2.0", value("rows + \" \" + sum + \" \" + mean"));
    }

    @Test
    void givesTheOldValuesToTheInitialiser() {
        ok("double first = 1; var second = first + 1;");
        ok("double first = second + 5;");
        assertEquals("7.0 2.0", value("first + \" \" + second"));
    }

    @Test
    void tellsWhatIsLostWithAClass() {
        ok("record Spot(int x) {} Spot spot = new Spot(3); var spots = List.of(spot); int alone = 4;");
        String told = ok("record Spot(int x) { int twice() { return 2 * x; } }").text("stderr");
        assertTrue(told.contains("spot was reset, because its type depends on class Spot"), told);
        assertTrue(told.contains("spots cannot be used since spot"), told);
        assertEquals("null 4", value("spot + \" \" + alone"));
    }

    @Test
    void saysWhyAVariableIsGone() {
        ok("List<String> words = List.of(\"a\");");
        String told = ok("import java.awt.*;").text("stderr");
        assertTrue(told.contains("words cannot be used since import java.awt.*: reference to List is ambiguous"), told);
        ok("import java.util.List;");
        assertEquals("[a]", value("words"));
    }

    @Test
    void emptiesAVariableThatIsDeclaredWithoutAValue() {
        ok("int again = 5; Object thing = \"x\";");
        ok("int again; Object thing;");
        assertEquals("0 null", value("again + \" \" + thing"));
    }

    @Test
    void saysWhyAMethodNoLongerWorks() {
        ok("int whole = 4; int helper(int q) { return q + whole; }");
        ok("double whole = 4.5;");
        error("possible lossy conversion from double to int", "helper(1)");
    }

    @Test
    void givesTheMemoryOfReplacedValuesBack() {
        for (int k = 0; k < 12; k++) { // 480 MB in a heap of 300
            ok("double[] data = new double[5_000_00" + k % 10 + "]; // " + k);
        }
        ok("data = null;");
        for (int k = 0; k < 12; k++) {
            ok("class Big { double[] inside = new double[5_000_000]; int version = " + k + "; } Big big = new Big();");
        }
    }
}
