package org.carousel.kernel.internal.shell;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.VarSnippet;
import org.jspecify.annotations.Nullable;

/**
 * Lets a shell forget what can never be used again: statements that ran, results that were dropped and declarations that
 * others took the place of.
 *
 * <p>{@link JShell} keeps the text, the wrapped text and the class file of every snippet it ever ran, goes through all of
 * them for each new one and has no method to end that; so every cell cost some 12 KB and made all later ones slower. Here
 * they are taken out of its tables, by names of private fields that are the same from Java 17 to 25 and need {@code
 * --add-opens jdk.jshell/jdk.jshell=ALL-UNNAMED}. Where one of them is missing, the shell keeps everything, as it does by
 * itself.
 */
public final class SnippetMemory {
    /** After so many cells: to go through all snippets that are left costs as much for one as for many. */
    private static final int EVERY = 64;

    /** And after so many the compiler begins anew, which remembers every name that it ever looked for. */
    private static final int COMPILER = 512;

    private static final int OLDEST = 17;
    private static final Pattern CLASS = Pattern.compile("REPL\\.(\\$JShell\\$\\w+)(?:\\$.*)?");

    private final JShell shell;
    private final @Nullable Tables tables;
    private int cells;

    /** Tables of a shell. */
    private record Tables(
            List<@Nullable Snippet> byKey,
            Set<Snippet> all,
            Map<String, Set<Integer>> dependencies,
            Map<String, ?> classFiles,
            Map<String, ?> loaded,
            Map<String, ?> wrapped,
            Map<String, ?> variables,
            Map<String, ?> types,
            Method key,
            Method index,
            Method className,
            Method load,
            Method compile,
            Object compiler,
            Method restart) {
        /** The class around a snippet, without its package; empty for one that could not be parsed. */
        String className(Snippet snippet) {
            try {
                return String.valueOf(className.invoke(snippet));
            } catch (ReflectiveOperationException e) {
                return "";
            }
        }

        /**
         * A declaration that comes after one that was dropped begins with the names of its classes; that one of this name
         * is loaded already must stay known, its bytes need not.
         */
        void empty(Object classInfo) {
            try {
                load.invoke(classInfo, new byte[0]);
                compile.invoke(classInfo, new byte[0]);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e); // they set a field
            }
        }

        void restartCompiler() {
            try {
                restart.invoke(compiler);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e); // it has no parameters and makes a list
            }
        }

        /** What was declared last under a key. */
        @Nullable
        Snippet snippet(Object itsKey) {
            try {
                int at = (int) index.invoke(itsKey);
                return at < byKey.size() ? byKey.get(at) : null;
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e); // it has no parameters and reads a field
            }
        }

        /** The place of a snippet in {@link #byKey}, or -1. */
        int index(Snippet snippet) {
            try {
                Object itsKey = key.invoke(snippet);
                return itsKey == null ? -1 : (int) index.invoke(itsKey);
            } catch (ReflectiveOperationException e) {
                return -1;
            }
        }
    }

    private SnippetMemory(JShell shell, @Nullable Tables tables) {
        this.shell = shell;
        this.tables = tables;
    }

    /** Of a shell; it forgets nothing when its tables are not as expected. */
    public static SnippetMemory of(JShell shell) {
        try {
            return new SnippetMemory(shell, tables(shell));
        } catch (ReflectiveOperationException | RuntimeException e) { // closed, or of another version
            return new SnippetMemory(shell, null);
        }
    }

    @SuppressWarnings("unchecked") // what is a map of what is known from the shell's source
    private static Tables tables(JShell shell) throws ReflectiveOperationException {
        Object maps = field(shell, "maps");
        Object compiler = field(shell, "taskFactory");
        Class<?> info = Class.forName("jdk.jshell.ClassTracker$ClassInfo");
        Method key = method(Snippet.class, "key");
        return new Tables(
                (List<@Nullable Snippet>) field(maps, "keyIndexToSnippet"),
                (Set<Snippet>) field(maps, "snippets"),
                (Map<String, Set<Integer>>) field(maps, "dependencies"),
                (Map<String, ?>) field(field(compiler, "fileManager"), "classObjects"),
                (Map<String, ?>) field(field(shell, "classTracker"), "map"),
                (Map<String, ?>) field(field(shell, "outerMap"), "classOuters"),
                (Map<String, ?>) field(field(shell, "keyMap"), "varMap"),
                (Map<String, ?>) field(field(shell, "keyMap"), "classMap"),
                key,
                method(key.getReturnType(), "index"),
                method(Snippet.class, "className"),
                method(info, "setLoadedBytes", byte[].class),
                method(info, "setCurrentBytes", byte[].class),
                compiler,
                method(compiler.getClass(), "initTaskPool"));
    }

    private static Object field(Object owner, String name) throws ReflectiveOperationException {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }

    private static Method method(Class<?> owner, String name, Class<?>... parameters)
            throws ReflectiveOperationException {
        Method method = owner.getDeclaredMethod(name, parameters);
        method.setAccessible(true);
        return method;
    }

    /** The compiler begins anew, without what it remembers. */
    public void restartCompiler() {
        if (tables != null) {
            tables.restartCompiler();
        }
    }

    /**
     * Before code is compiled: the shell of Java 25 asks the types that were declared for their names, fails at one that is
     * none any more, because it was refused or taken back, and makes every anonymous class extend {@code Object} from then on
     * ({@code SnippetMaps.fullClassNameAndPackageToClass}).
     */
    public void passOverLostTypes() {
        if (tables != null && Runtime.version().feature() > OLDEST) {
            tables.types.values().removeIf(key -> {
                Snippet type = tables.snippet(key);
                return type == null || !shell.status(type).isActive();
            });
        }
    }

    /** Tells that a cell has ended. */
    public void cellEnded() {
        if (tables != null && ++cells % EVERY == 0) {
            forget(tables);
            if (cells % COMPILER == 0) {
                tables.restartCompiler();
            }
        }
    }

    /** Statements and expressions without a name are over when they have run; declarations when others are in their place. */
    private boolean isSpent(Snippet snippet) {
        Snippet.Status status = shell.status(snippet);
        return !snippet.kind().isPersistent()
                || status == Snippet.Status.OVERWRITTEN
                || status == Snippet.Status.DROPPED
                || status == Snippet.Status.REJECTED;
    }

    private void forget(Tables in) {
        Set<Integer> gone = new HashSet<>();
        Set<String> used = new HashSet<>();
        Set<String> over = new HashSet<>(); // whose names no other class will ever have
        for (Iterator<Snippet> all = in.all.iterator(); all.hasNext(); ) {
            Snippet snippet = all.next();
            if (!isSpent(snippet)) {
                used.add(in.className(snippet));
                continue;
            }
            all.remove();
            // a name may be declared again, and then its place must know what depends on it
            boolean isNameless =
                    !snippet.kind().isPersistent() || snippet.subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND;
            int index = in.index(snippet);
            if (isNameless && index >= 0 && index < in.byKey.size() && in.byKey.get(index) == snippet) {
                in.byKey.set(index, null);
                gone.add(index);
                over.add(in.className(snippet));
                if (snippet instanceof VarSnippet result) {
                    in.variables.remove(result.name());
                }
            }
        }
        in.wrapped.keySet().retainAll(used);
        Predicate<String> isUnused = name -> {
            Matcher type = CLASS.matcher(name);
            return type.matches() && !used.contains(type.group(1));
        };
        in.classFiles.keySet().removeIf(isUnused);
        in.loaded.keySet().removeIf(name -> {
            Matcher type = CLASS.matcher(name);
            return type.matches() && over.contains(type.group(1));
        });
        in.loaded.forEach((name, bytes) -> {
            if (isUnused.test(name)) {
                in.empty(bytes);
            }
        });
        in.dependencies.values().forEach(dependents -> dependents.removeAll(gone));
        in.dependencies.values().removeIf(Set::isEmpty);
    }
}
