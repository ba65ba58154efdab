#!/usr/bin/env bash
# In a JShell with many declarations every further snippet costs memory for each of them, and keeps it for ever.
#
# A good guess:  what a snippet costs depends on the snippet; a class that is declared again takes the place of the one
#                before, which can then be collected.
# What happens:  for every snippet the shell writes a class with one import for each name declared so far, and it keeps
#                that text, the class file and the class for as long as the shell lives, also when the snippet has been
#                replaced. So a session's memory grows with the product of snippets and names. Caches are no part of the
#                figures: soft references are cleared before each measurement.
# Versions:      JDK 17.0.15 and 25.0.3
# Why we met it: a session with 500 classes held 80 MB more after 500 further edits of one of them, and we looked for
#                the leak in our kernel.
# Carousel:      holds as much per cell as a plain shell, and no values of replaced variables or of old results; a
#                restart gives the rest back.
#
# Needs a JDK of 17 or newer; nothing is downloaded.
#
# Output seen:
#   Java 17.0.15+6-Debian-1deb12u1
#   declared anew in an empty shell:             7.9 KB each
#   declared anew beside 300 other classes:     57.8 KB each
# and with the other
#   Java 25.0.3+9-LTS
#   declared anew in an empty shell:             9.5 KB each
#   declared anew beside 300 other classes:     59.4 KB each
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > Names.java <<'JAVA'
import java.util.Map;
import jdk.jshell.JShell;
import jdk.jshell.execution.LocalExecutionControlProvider;

class Names {
    static final int EDITS = 100;

    /** What is held, without what only soft references hold: they go before memory runs out. */
    static long held() {
        try {
            System.out.print(new long[60_000_000].length > 0 ? "" : " ");
        } catch (OutOfMemoryError e) {
            // as intended
        }
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    static double perEdit(int others) {
        try (JShell shell = JShell.builder()
                .executionEngine(new LocalExecutionControlProvider(), Map.of())
                .build()) {
            for (int k = 0; k < others; k++) {
                shell.eval("class Other" + k + " { }");
            }
            for (int k = 0; k < 20; k++) {
                shell.eval("class Edited { int x = " + k + "; }");
            }
            long before = held();
            for (int k = 0; k < EDITS; k++) {
                shell.eval("class Edited { int y = " + k + "; }");
            }
            return (held() - before) / 1e3 / EDITS;
        }
    }

    public static void main(String[] arguments) {
        System.out.println("Java " + Runtime.version());
        double none = perEdit(0);
        System.out.printf("declared anew in an empty shell:          %6.1f KB each%n", none);
        double many = perEdit(300);
        System.out.printf("declared anew beside 300 other classes:   %6.1f KB each%n", many);
        System.exit(many > 3 * none ? 0 : 3);
    }
}
JAVA
# one collector and one size of heap, so that the figures can be compared
if ! java -Xmx300m -XX:+UseSerialGC Names.java; then
    echo "No longer so: other names cost nothing" >&2
    exit 1
fi
