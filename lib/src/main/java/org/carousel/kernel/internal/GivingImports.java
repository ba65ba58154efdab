package org.carousel.kernel.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;

/**
 * Default imports that give way: a package of this list is imported when a cell uses a name that nothing else defines.
 * So a notebook's own imports and classes always win, and names of this project make no import of a stranger ambiguous.
 */
final class GivingImports {
    private static final Pattern UNRESOLVED = Pattern.compile("(?:class|variable|method) (\\w+).*");
    private static final Pattern BOTH = Pattern.compile("(?s).*both \\w+ ([\\w.]+) in .* and \\w+ ([\\w.]+) in .*");

    private final JShell shell;
    private final List<String> offers;
    private final Set<String> given = new LinkedHashSet<>();
    private final Map<String, Snippet> preferred = new HashMap<>();

    /**
     * The imports of a shell.
     *
     * @param offers lines as {@code import java.util.*;} or {@code import static org.carousel.tensor.Tensor.*;}
     */
    GivingImports(JShell shell, List<String> offers) {
        this.shell = shell;
        this.offers = offers;
    }

    static GivingImports of(JShell shell) {
        try {
            return new GivingImports(shell, CarouselKernel.imports().lines().toList());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The reader imports this by hand: from now on it is as explicit as any other import. */
    void isExplicit(String line) {
        given.remove(line.strip());
    }

    /**
     * Imports what a snippet lacks, if it is on the list.
     *
     * @param later names that the rest of the cell declares, which are not to be looked for
     * @return whether something was imported, so that the snippet may compile now
     */
    boolean help(Snippet snippet, Set<String> later) {
        boolean imported = false;
        for (Diag error : shell.diagnostics(snippet).filter(Diag::isError).toList()) {
            String code = error.getCode();
            int from = (int) error.getStartPosition();
            int to = (int) Math.min(error.getEndPosition(), snippet.source().length());
            if (code.startsWith("compiler.err.cant.resolve") && from >= 0 && from < to) {
                imported |= giveName(snippet.source().substring(from, to), later);
            } else if (code.startsWith("compiler.err.doesnt.exist") && from >= 0 && from < to) {
                imported |= giveName(snippet.source().substring(from, to).replaceFirst("\\..*", ""), later);
            } else if (code.equals("compiler.err.ref.ambiguous")) {
                imported |= prefer(error.getMessage(Locale.ENGLISH));
            }
        }
        if (snippet instanceof DeclarationSnippet declaration) {
            for (String needed : shell.unresolvedDependencies(declaration).toList()) {
                Matcher name = UNRESOLVED.matcher(needed);
                if (name.matches()) {
                    imported |= giveName(name.group(1), later);
                }
            }
        }
        return imported;
    }

    private boolean giveName(String name, Set<String> later) {
        return !later.contains(name) && give(name);
    }

    /** Imports the first package of the list that knows a name; whether one does that was not imported before. */
    boolean give(String name) {
        Optional<String> line = offer(name);
        line.ifPresent(found -> {
            shell.eval(found);
            given.add(found);
        });
        return line.isPresent();
    }

    /** Whether a package of the list knows a name, and was not imported before. */
    boolean offers(String name) {
        return offer(name).isPresent();
    }

    private Optional<String> offer(String name) {
        return offers.stream()
                .filter(line -> name.matches("\\w+") && !given.contains(line) && !isImported(line) && knows(line, name))
                .findFirst();
    }

    private boolean isImported(String line) {
        return shell.imports().anyMatch(i -> i.source().strip().equals(line));
    }

    /** The full names of the two types of one name that a message of the compiler is about; none when it is another one. */
    static List<String> both(String message) {
        Matcher both = BOTH.matcher(message);
        return both.matches() ? List.of(both.group(1), both.group(2)) : List.of();
    }

    /** Imports by its name the one of two types of that name which the reader's own import brings. */
    private boolean prefer(String message) {
        List<String> own = both(message).stream().filter(n -> !isGiven(n)).toList();
        if (own.size() != 1) {
            return false;
        }
        String name = own.get(0).substring(own.get(0).lastIndexOf('.') + 1);
        preferred.put(name, shell.eval("import " + own.get(0) + ";").get(0).snippet());
        return true;
    }

    /** The reader declares types of these names: an import that we made by name would forbid it. */
    void giveWay(Set<String> declared) {
        for (String name : declared) {
            Snippet byName = preferred.remove(name);
            if (byName != null) {
                shell.drop(byName);
            }
        }
    }

    private boolean isGiven(String name) {
        return given.contains("import " + name.substring(0, name.lastIndexOf('.') + 1) + "*;");
    }

    /** Of names that a cell declares those that an import on demand also knows: they are declared first. */
    Set<String> shadowing(Set<String> declared) {
        Set<String> both = new LinkedHashSet<>();
        if (!declared.isEmpty()) {
            List<String> lines = new ArrayList<>(shell.imports()
                    .map(i -> i.source().strip())
                    .filter(s -> s.endsWith("*;"))
                    .toList());
            for (String name : declared) {
                if (lines.stream().anyMatch(line -> knows(line, name))) {
                    both.add(name);
                }
            }
        }
        return both;
    }

    private static boolean knows(String line, String name) {
        Matcher parts = Pattern.compile("import (static )?([\\w.]+)\\.\\*;").matcher(line);
        if (!parts.matches()) {
            return false;
        }
        if (parts.group(1) == null) {
            return isClass(parts.group(2) + "." + name);
        }
        try {
            Class<?> type = Class.forName(parts.group(2), false, GivingImports.class.getClassLoader());
            return Arrays.stream(type.getMethods())
                    .anyMatch(m -> java.lang.reflect.Modifier.isStatic(m.getModifiers())
                            && m.getName().equals(name));
        } catch (ClassNotFoundException | LinkageError e) {
            return false; // or an optional library is missing
        }
    }

    /** Whether Java or this project has a type of this full name. */
    static boolean isClass(String name) {
        try {
            Class.forName(name, false, GivingImports.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false; // or an optional library is missing
        }
    }
}
