package org.carousel.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class TablesTest {
    @TempDir
    Path folder;

    @Test
    void csvHasAHeaderAndTypedColumns() throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY); // where 1.5 would be fifteen
        try {
            Table table =
                    Tables.csv(set("a.csv", "\"Month\",\"Sunspots\"\r\n\"1749-01\",1.5\r\n\"1749-02\",62.6"), "a.csv");
            assertEquals(List.of("Month", "Sunspots"), table.columnNames());
            assertEquals(List.of(1.5, 62.6), table.doubleColumn("Sunspots").asList());
            assertEquals("a.csv", table.name());
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void mixedLineEndsAreLineEnds() throws IOException {
        assertEquals(2, Tables.csv(set("a.csv", "x,y\r\n1,2\n3,4\n"), "a.csv").rowCount());
    }

    @Test
    void theRestOfThePackageRunsWithoutTablesaw() throws Exception {
        WithoutTablesaw loader = new WithoutTablesaw();
        Class<?> datasets = loader.loadClass(Datasets.class.getName());
        assertEquals(loader, datasets.getClassLoader());
        Object set = datasets.getMethod("tinyShakespeare").invoke(null);
        assertEquals("tiny-shakespeare", set.getClass().getMethod("name").invoke(set));
        assertThrows(NoClassDefFoundError.class, () -> loader.loadClass(Tables.class.getName())
                .getMethods());
    }

    private Dataset set(String name, String content) throws IOException {
        return Samples.ready(folder, name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Defines this package anew and refuses Tablesaw, as a class path without it would. */
    private static final class WithoutTablesaw extends ClassLoader {
        WithoutTablesaw() {
            super(TablesTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("tech.tablesaw.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("org.carousel.data.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (@Nullable InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
