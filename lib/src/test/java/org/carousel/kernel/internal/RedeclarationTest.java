package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    /** A method of the reader's hides one that was imported; what was computed with that one stays. */
    @Test
    void keepsVariablesWhoseFirstValueNoLongerCompiles() {
        ok("var pair = stack(0, Tensor.of(1), Tensor.of(2)); var axes = pair.shape().length; int kept = 7;");
        ok("Tensor typed = stack(0, Tensor.of(3)); record Uses(Tensor x) { Tensor two() { return stack(0, x, x); } }");
        ok("var uses = new Uses(typed);");
        String told = ok("int stack(int x) { return x + 1; }").text("stderr");
        String[] lines = told.split("\n");
        assertEquals("uses was reset, because its type depends on class Uses, which has changed", lines[0]);
        assertTrue(lines[1].startsWith("Uses does not compile: method stack in class "), told);
        assertEquals(2, lines.length, told);
        assertEquals("2 7 null 4", value("axes + \" \" + kept + \" \" + uses + \" \" + stack(3)"));
        assertEquals("[2, 1] [1, 1]", value("Arrays.toString(pair.shape()) + \" \" + Arrays.toString(typed.shape())"));
    }

    /** The shell of Java 25 would make them extend Object. */
    @Test
    void anonymousClassesKeepTheirSupertypesAfterATypeThatDoesNotCompile() {
        error("incompatible types", "class Wrong { int f() { return \"a\"; } }");
        ok("var run = new Runnable() { public void run() {} }; Thread thread = new Thread(run);");
        assertEquals(
                "[0, 1, 2]",
                value(
                        "new AbstractList<Integer>() { public int size() { return 3; } public Integer get(int i) { return i; } }"));
        ok("class Wrong { int f() { return 1; } }");
        error("incompatible types", "class Wrong { int f() { return \"b\"; } }");
        assertEquals(
                "true",
                value(
                        "var list = new AbstractList<Integer>() {"
                                + " public int size() { return 0; } public Integer get(int i) { return i; } }; list instanceof List"));
        ok("class Wrong { int f() { return 2; } }");
        assertEquals("2", value("new Wrong().f()"));
    }

    @Test
    void tellsWhatIsLostWithAClass() {
        ok("record Spot(int x) {} Spot spot = new Spot(3); var spots = List.of(spot); int alone = 4;");
        String told = ok("record Spot(int x) { int twice() { return 2 * x; } }").text("stderr");
        assertTrue(told.contains("spot was reset, because its type depends on class Spot"), told);
        assertTrue(told.contains("spots was reset, because its type depends on spot"), told);
        assertEquals("null null 4", value("spot + \" \" + spots + \" \" + alone"));
    }

    /** The shell of Java 17 refused the new type, and Fig, Ci, Sq and fig were gone. */
    @Test
    void aSealedTypeMayPermitMore() {
        ok(
                "sealed interface Fig permits Ci, Sq {} record Ci(int r) implements Fig {} record Sq(int s) implements Fig {}");
        ok("Fig fig = new Ci(2); int alone = 4;");
        error(
                "Tr needs class Strin",
                "sealed interface Fig permits Ci, Sq, Tr {} record Tr(Strin b) implements Fig {}");
        assertEquals("Sq[s=1] 4", value("Fig old = new Sq(1); old + \" \" + alone"), "a wrong cell loses no type");
        ok("fig = new Ci(2);");
        String told = ok("sealed interface Fig permits Ci, Sq, Tr {} record Tr(int b) implements Fig {}")
                .text("stderr");
        assertTrue(told.contains("fig was reset, because its type depends on class Fig"), told);
        assertEquals("Tr[b=3] 4 null", value("Fig tri = new Tr(3); tri + \" \" + alone + \" \" + fig"));
        ok(
                "sealed interface Fig permits Ci, Sq, Tr, Pe {} record Ci(int r) implements Fig {} record Sq(int s) implements"
                        + " Fig {} record Tr(int b) implements Fig {} record Pe(int p) implements Fig {}");
        assertEquals("[Ci[r=1], Pe[p=5]]", value("List.of(new Ci(1), new Pe(5))"));
    }

    @Test
    void saysWhyAVariableIsGone() {
        ok("List<String> words = List.of(\"a\");");
        String told = ok("import java.awt.*;").text("stderr");
        assertTrue(told.contains("words cannot be used since import java.awt.*: reference to List is ambiguous"), told);
        String later = kernel.run("words").error();
        assertTrue(later.contains("it was declared, and cannot be used now: reference to List is ambiguous"), later);
        assertTrue(later.contains("is it this one?  import java.util.List;"), later);
        ok("import java.util.List;");
        assertEquals("[a]", value("words"));
    }

    /** The shell gives the errors of one to the other, when an import breaks several. */
    @Test
    void everyVariableThatAnImportBreaksComesBack(@TempDir Path folder) throws IOException {
        try (KernelProcess other = KernelProcess.start(folder)) { // where nothing has imported java.util.List by name
            other.run("List<String> one = List.of(\"a\"); List<String> two = List.of(\"b\");");
            other.run("List<Integer> three = List.of(3);");
            String told = other.run("import java.awt.*;").text("stderr");
            for (String name : new String[] {"one", "two", "three"}) {
                assertTrue(told.contains(name + " cannot be used since import java.awt.*"), told);
                assertTrue(other.run(name).error().contains("it was declared, and cannot be used now"), name);
            }
            other.run("import java.util.List;");
            assertEquals(
                    "[a] [b] [3]",
                    other.run("one + \" \" + two + \" \" + three").value());
        }
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
        String told = ok("double whole = 4.5;").text("stderr");
        assertTrue(told.startsWith("helper does not compile: incompatible types: possible lossy conversion"), told);
        assertEquals("", ok("int fine(int q) { return q; }").text("stderr"));
        error("possible lossy conversion from double to int", "helper(1)");
    }

    @Test
    void saysThatAMethodNeverWorks() {
        String told = ok("boolean wrong() { return Tensor.of(new float[2], 2) == null; }")
                .text("stderr");
        assertTrue(told.startsWith("wrong does not compile: method of in class org.carousel.tensor.Tensor"), told);
        ok("int waiting(int q) { return comesLater(q); }");
        ok("int comesLater(int q) { return q + 1; }");
        assertEquals("3", value("waiting(2)"));
        assertEquals(
                "",
                ok("int first() { return second(1); } int second(int q) { return q; }")
                        .text("stderr"));
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
