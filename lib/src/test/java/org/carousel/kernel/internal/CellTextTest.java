package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A cell runs to its end, as Java reads it. */
class CellTextTest extends KernelCase {
    @Test
    void runsWhatFollowsASwitchThatThrows() {
        String text =
                ok("""
                        int cost = 5;
                        String label = switch (cost) {
                            case 5 -> "five";
                            default -> throw new IllegalArgumentException("cost " + cost);
                        };
                        System.out.println("label is " + label);
                        cost = 7;
                        """)
                        .text("stdout");
        assertEquals("label is five\n", text);
        assertEquals("7", value("cost"));
        assertEquals(
                "zero",
                value(
                        """
                        String day(int i) { return switch (i) { case 0 -> "zero"; default -> throw new IllegalStateException(); }; }
                        day(0)
                        """));
        ok(
                """
                int triple(int x) { return switch (x) { case 1 -> 3; default -> throw new IllegalStateException("}"); }; }
                int twice(int x) { return 2 * x; }
                """);
        assertEquals("8", value("twice(4)"));
        assertEquals("3", value("triple(1)"));
    }

    @Test
    void leavesTextsAlone() {
        assertEquals(
                "3 steps\n",
                ok("String s = \"\"\"\n    %d steps\n    %s\n    \"\"\".formatted(3, \"\");\nSystem.out.print(s.substring(0, 8));")
                        .text("stdout"));
        assertEquals("%3 = alloca\n", value("var block = \"\"\"\n    %3 = alloca\n    \"\"\";\nblock"));
        assertEquals("%word\n\"\"\"\n%x\n", value("\"\"\"\n%word\n\\\"\"\"\n%x\n\"\"\""));
        assertEquals("4", value("/*\n%maven a\n*/\n// ' \"\n%classpath /nowhere's\n2 + 2"));
        assertEquals("1", value("int n = 10\n  %3;\nn"));
        assertEquals("1", value("int b = 3; int m = 10\n%b;\nm"));
    }

    @Test
    void tellsEveryException() {
        for (String thrown : new String[] {
            "Exception e1 = new RuntimeException(\"one\"); Exception e2 = new RuntimeException(\"two\", e1); e1.initCause(e2); throw e1;",
            "Throwable t = new RuntimeException(\"deep\"); for (int i = 0; i < 20_000; i++) t = new RuntimeException(\"one\", t); throw (RuntimeException) t;",
            "throw new RuntimeException(\"one\") { public StackTraceElement[] getStackTrace() { return null; } };",
            "throw new RuntimeException(\"one\") { public String getMessage() { throw new StackOverflowError(); } };",
            "throw new RuntimeException(\"one\") { public Throwable getCause() { return new RuntimeException(\"new\"); } };",
            "throw new RuntimeException(\"one\") { public Throwable getCause() { throw new Error(); } };",
        }) {
            KernelProcess.Outcome outcome =
                    kernel.run("System.out.println(\"before\"); " + thrown + "\nSystem.out.println(\"after\");");
            assertEquals("error", outcome.status(), thrown);
            assertEquals("before\n", outcome.text("stdout"));
        }
        assertEquals("2", value("1 + 1"));
    }

    @Test
    void definesTypesInAnyOrder() {
        assertEquals(
                "true",
                value(
                        "class C { D d; C() { d = new D(this); } } class D { C c; D(C c) { this.c = c; } } new C().d.c != null"));
        assertEquals(
                "Disc[r=2.0]",
                value(
                        "sealed interface Shape permits Disc, Square {}\nrecord Disc(double r) implements Shape {}\nrecord Square(double s) implements Shape {}\nnew Disc(2)"));
        assertEquals("1", value("class Dog extends Animal {} class Animal { int legs = 1; } new Dog().legs"));
        assertEquals(
                "6",
                value(
                        "static int area(Rect r) { return r.a * r.b; } class Rect { int a = 2, b = 3; } area(new Rect())"));
        error("Graph9 needs class Edge9", "class Graph9 { Edge9 e; }");
        error("public Name { ... }", "record Pt(int x, int y) { Pt { } }");
    }

    @Test
    void showsElementsAndNoAddresses() {
        assertEquals("[1, 2]", value("new Integer[] {1, 2}"));
        assertEquals("[I, F, O]", value("enum Sort { I, F, O } Sort.values()"));
        assertEquals("[1, 2]", value("new byte[] {1, 2}"));
        assertEquals("[[1, 2],\n [3]]", value("new long[][] {{1, 2}, {3}}"));
        assertEquals("[[1], [3]]", value("List.of(new int[] {1}, new byte[] {3})"));
        assertEquals(
                "mine",
                value(
                        "class Mine extends HashMap<String, Integer> { public String toString() { return \"mine\"; } } var mine = new Mine(); mine.put(\"a\", 1); mine"));
        assertEquals(
                "[1, [2, [...]]]",
                value("Object[] ring = {2, null}; ring[1] = ring; new Object[] {1, ring}")
                        .replace("\n ", ""));
        assertEquals("null", value("new Object() { public String toString() { return null; } }"));
        KernelProcess.Outcome printed = ok("System.out.printf(\"%.2f%n\", 1.5);");
        assertEquals("", printed.value());
    }

    @Test
    void cutsLargeValues() {
        assertTrue(value("java.util.Collections.nCopies(Integer.MAX_VALUE, 1)")
                .endsWith("… 2147483647 in all, the first 6667 shown]"));
        assertTrue(
                value("record Held(List<Integer> all) {} new Held(java.util.Collections.nCopies(Integer.MAX_VALUE, 1))")
                        .startsWith("Held[all=[1, 1, "));
        assertTrue(value(
                        "new AbstractList<String>() { public int size() { return Integer.MAX_VALUE; } public String get(int i) { return \"a\"; } }")
                .contains("2147483647 in all"));
        assertTrue(value("Optional.of(java.util.Collections.nCopies(Integer.MAX_VALUE, 1))")
                .contains("2147483647 in all"));
        assertTrue(value("\"x\".repeat(5_000_000)").endsWith("… 5000000 characters in all, the first 20000 shown"));
        assertTrue(value("new Object() { public String toString() { return \"y\".repeat(5_000_000); } }")
                .endsWith("… 5000000 characters in all, the first 20000 shown"));
        assertEquals("x".repeat(20_000), value("\"x\".repeat(20_000)"));
    }

    @Test
    void showsElementsHoweverDeepTheyLie() {
        ok("record Pair(int[] a, Object b) {}");
        assertEquals("{a=[[1, 2]]}", value("Map.of(\"a\", new long[][] {{1, 2}})"));
        KernelProcess.Outcome pair = ok("new Pair(new int[] {1}, List.of(new char[] {'x'}))");
        assertEquals("Pair[a=[1], b=[[x]]]", pair.value());
        assertEquals(
                "{k=[[1], Pair[a=null, b=[2]]]}",
                value("Map.of(\"k\", List.of(new int[] {1}, new Pair(null, new byte[] {2})))"));
        assertEquals("[{k=[1]}, [2]]", value("List.of(Map.of(\"k\", new int[] {1}), Set.of(2))"));
        assertEquals("[[[1]], {1=[2]}]", value("new Object[] {List.of(new int[] {1}), Map.of(1, new byte[] {2})}"));
        assertEquals("Optional[[1, 2]]", value("Optional.of(new int[] {1, 2})"));
        assertEquals("Optional.empty", value("Optional.empty()"));
        assertEquals("k=[1]", value("Map.entry(\"k\", new int[] {1})"));
        assertEquals("[1]", value("new java.util.concurrent.atomic.AtomicReference<>(new int[] {1})"));
        assertEquals(
                "[(this Collection), [1]]",
                value(
                        "List<Object> around = new ArrayList<>(); around.add(around); around.add(new int[] {1}); around"));
        assertEquals(
                "own", value("record Own(int[] a) { public String toString() { return \"own\"; } } new Own(null)"));
    }

    @Test
    void tellsAMagicAsTyped() {
        String error = kernel.run("%foo bar").error();
        assertTrue(error.contains("%foo bar"), error);
        assertTrue(!error.contains("Base64"), error);
    }

    @Test
    void showsWhatThreadsOfEarlierCellsPrint() {
        ok(
                "import java.util.concurrent.*; ExecutorService pool = Executors.newSingleThreadExecutor(); pool.submit(() -> System.out.println(\"one\")).get();");
        assertEquals(
                "two\n",
                ok("pool.submit(() -> System.out.println(\"two\")).get(); pool.shutdown();")
                        .text("stdout"));
        assertEquals(
                "true", value("java.util.logging.Logger.getLogger(\"my\").isLoggable(java.util.logging.Level.INFO)"));
    }
}
