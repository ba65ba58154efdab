#!/usr/bin/env bash
# In the JShell of Java 25 an anonymous class loses its supertype once a class has been dropped or refused.
#
# A good guess:  a class that is dropped, or that does not compile, is gone, and what comes later does not know of it.
# What happens:  from then on every anonymous class whose type is inferred (var a = new AbstractList<Integer>() {...}, or
#                the value of an expression) extends Object. One of an interface does not compile: "interface expected
#                here". It lasts until a class of that name is declared again. To name the supertype the shell asks all
#                types that were ever declared for their names, fails at the one that is none any more, and takes Object
#                (SnippetMaps.fullClassNameAndPackageToClass, ExpressionToTypeInfo.varTypeName). Java 17 does not ask.
# Versions:      JDK 25.0.3; not so in JDK 17.0.15
# Why we met it: a typing mistake in one class of a notebook, and a list in a later cell was shown as a class name with
#                a hash.
# Carousel:      takes such types out of the shell's table before it compiles (SnippetMemory.passOverLostTypes), held by
#                RedeclarationTest.
#
# Needs a JDK of 17 or newer; nothing is downloaded. Of a JDK before 25 it only says what it does.
#
# Output seen:
#   Java 25.0.3+9-LTS
#   at first:                      java.util.AbstractList
#   after a class was dropped:     java.lang.Object
#   after it was declared again:   java.util.AbstractList
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > Lost.java <<'JAVA'
import java.util.Map;
import jdk.jshell.JShell;
import jdk.jshell.execution.LocalExecutionControlProvider;

class Lost {
    static String supertype(JShell shell) {
        shell.eval("var a = new AbstractList<Integer>() { public int size() { return 0; }"
                + " public Integer get(int i) { return i; } };");
        return shell.eval("a.getClass().getSuperclass().getName()").get(0).value().replace("\"", "");
    }

    public static void main(String[] args) {
        System.out.println("Java " + Runtime.version());
        try (JShell shell = JShell.builder()
                .executionEngine(new LocalExecutionControlProvider(), Map.of())
                .build()) {
            shell.eval("import java.util.*;");
            String first = supertype(shell);
            System.out.println("at first:                      " + first);
            shell.drop(shell.eval("class Gone { }").get(0).snippet());
            String dropped = supertype(shell);
            System.out.println("after a class was dropped:     " + dropped);
            shell.eval("class Gone { }");
            String again = supertype(shell);
            System.out.println("after it was declared again:   " + again);
            boolean so = first.equals("java.util.AbstractList") && dropped.equals("java.lang.Object") && again.equals(first);
            if (Runtime.version().feature() >= 25 && !so) {
                System.out.println("No longer so");
                System.exit(1);
            }
        }
    }
}
JAVA
"${JAVA_HOME:+$JAVA_HOME/bin/}java" Lost.java
