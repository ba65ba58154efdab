package org.carousel.kernel.internal;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The variables of cells. When a declaration changes, the shell compiles everything anew that depends on it, and a
 * variable then begins empty in a class of its own; here it gets the value that it had, wherever its type still is the
 * same. The old class keeps no value: what is left of its code sees the variable as it is now.
 */
final class Variables {
    private static final Pattern WRAPPER = Pattern.compile("REPL\\.\\$JShell\\$(\\d+)[A-Z]*");

    private static final int MANY = 100_000;

    private final Map<String, Field> latest = new HashMap<>();
    private final Map<String, List<Field>> superseded = new HashMap<>();
    private final Set<String> kept = new LinkedHashSet<>();
    private final Set<String> lost = new LinkedHashSet<>();

    /** Called with each class the moment it is loaded, before any of its code runs. */
    synchronized void loaded(Class<?> type) throws IllegalAccessException {
        Matcher wrapper = WRAPPER.matcher(type.getName());
        if (!wrapper.matches()) {
            return;
        }
        for (Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) || field.isSynthetic()) {
                continue;
            }
            field.setAccessible(true);
            String key = wrapper.group(1) + " " + field.getName();
            Field before = latest.put(key, field);
            if (before != null && before.getDeclaringClass() != type) {
                superseded.computeIfAbsent(key, k -> new ArrayList<>()).add(before);
                Object value = before.get(null);
                if (holds(field, before, value)) {
                    field.set(null, value);
                    kept.add(field.getName());
                } else if (value != null) {
                    lost.add(field.getName());
                }
            }
        }
    }

    /** Whether the new variable can hold the old one's value; not when it is of a class that was itself made anew. */
    private static boolean holds(Field field, Field before, @Nullable Object value) {
        String type = field.getGenericType().getTypeName();
        if (type.equals(before.getGenericType().getTypeName())) {
            return true;
        }
        return !field.getType().isPrimitive()
                && !type.contains("REPL.")
                && field.getType().isInstance(value);
    }

    /** The variable is declared again, without a value: it is empty as if it were new. */
    synchronized void clear(String name) throws IllegalAccessException {
        for (Field field : latest.values()) {
            if (field.getName().equals(name) && kept.contains(name)) {
                Object array = java.lang.reflect.Array.newInstance(field.getType(), 1);
                field.set(null, java.lang.reflect.Array.get(array, 0));
            }
        }
    }

    /** Where a variable stood, and what it held. */
    record Held(@Nullable Field field, @Nullable Object value) {}

    /** What a variable holds now. */
    synchronized Held held(String name) throws IllegalAccessException {
        Field field = null;
        for (Map.Entry<String, Field> one : latest.entrySet()) {
            if (one.getKey().endsWith(" " + name)) {
                field = one.getValue();
            }
        }
        return new Held(field, field == null ? null : field.get(null));
    }

    /** The variable was declared anew, and is to hold what it held; it is lost where its type has changed. */
    synchronized void giveBack(String name, Held before) throws IllegalAccessException {
        Field now = held(name).field();
        if (now != null && before.field() != null && before.value() != null) {
            if (holds(now, before.field(), before.value())) {
                now.set(null, before.value());
                lost.remove(name);
            } else {
                lost.add(name);
            }
        }
    }

    /** The variable with the most elements, when it has many; a hint, because what elements refer to is not counted. */
    synchronized String largest() {
        String found = "";
        long most = MANY;
        for (Field field : latest.values()) {
            Object value = value(field);
            long size = size(value);
            if (value != null && size > most) {
                most = size;
                found = String.format(
                        Locale.ROOT,
                        ", most elements in %s (%s of %,d)",
                        field.getName(),
                        value.getClass().getSimpleName(),
                        size);
            }
        }
        return found;
    }

    private static @Nullable Object value(Field field) {
        try {
            return field.get(null);
        } catch (IllegalAccessException | LinkageError e) {
            return null;
        }
    }

    /** Only of classes whose own code is known to be quick. */
    private static long size(@Nullable Object value) {
        if (value instanceof Object[] array) {
            return array.length;
        }
        String name = value == null ? "" : value.getClass().getName();
        boolean isJavas =
                name.startsWith("java.") && !name.startsWith("java.util.Collections$"); // those may wait for a lock
        return !isJavas
                ? 0
                : value instanceof Collection<?> all
                        ? all.size()
                        : value instanceof Map<?, ?> map
                                ? map.size()
                                : value instanceof CharSequence s ? s.length() : 0;
    }

    /** Nothing refers to the variable any more: its class stays, but not its value. */
    synchronized void forget(String name) throws IllegalAccessException {
        for (String key :
                latest.keySet().stream().filter(k -> k.endsWith(" " + name)).toList()) {
            List<Field> fields = new ArrayList<>(superseded.getOrDefault(key, List.of()));
            fields.add(Objects.requireNonNull(latest.get(key)));
            for (Field field : fields) {
                if (!field.getType().isPrimitive()) {
                    field.set(null, null);
                }
            }
            latest.remove(key);
            superseded.remove(key);
        }
    }

    /** After a snippet: the old places of variables hold nothing of their own. Gives the names whose values were lost. */
    synchronized Set<String> settle() throws IllegalAccessException {
        for (Map.Entry<String, List<Field>> old : superseded.entrySet()) {
            Field now = Objects.requireNonNull(latest.get(old.getKey()));
            for (Field field : old.getValue()) {
                if (!field.getType().isPrimitive()) {
                    Object value = now.get(null);
                    field.set(null, holds(field, now, value) ? value : null);
                }
            }
        }
        Set<String> gone = new LinkedHashSet<>(lost);
        lost.clear();
        kept.clear();
        return gone;
    }
}
