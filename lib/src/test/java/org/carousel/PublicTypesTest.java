package org.carousel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How many types users see, room by room, so that their number grows only on purpose. */
class PublicTypesTest {
    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| (\\d+) \\| (\\d+) \\|.*");

    /** Top-level types, then those nested in them; what is called internal and the tools do not count. */
    @Test
    void areAsManyAsArchitectureSays() throws IOException {
        Map<String, TreeSet<String>> seen = new TreeMap<>();
        for (JavaClass c : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.carousel")) {
            String room = c.getPackageName().replaceFirst("org\\.carousel\\.(\\w+).*", "$1");
            if (isPublic(c) && !c.getPackageName().contains("internal") && !room.equals("tools")) {
                seen.computeIfAbsent(room, r -> new TreeSet<>()).add(c.getName());
            }
        }
        Map<String, String> counted = new TreeMap<>();
        seen.forEach((room, types) -> {
            long nested = types.stream().filter(t -> t.contains("$")).count();
            counted.put(room, types.size() - nested + " and " + nested + " nested");
        });
        Map<String, String> written = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("../ARCHITECTURE.md")))
                .results()
                .forEach(row -> written.put(row.group(1), row.group(2) + " and " + row.group(3) + " nested"));
        seen.keySet().removeIf(room -> Objects.equals(written.get(room), counted.get(room)));
        assertEquals(
                written,
                counted,
                "hide what has become public, or change the table of ARCHITECTURE.md and say there what it is for: "
                        + seen);
    }

    private static boolean isPublic(JavaClass type) {
        return Stream.iterate(type, c -> c != null, c -> c.getEnclosingClass().orElse(null))
                .allMatch(c -> c.getModifiers().contains(JavaModifier.PUBLIC));
    }
}
