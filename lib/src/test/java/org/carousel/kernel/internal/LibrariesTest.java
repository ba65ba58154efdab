package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class LibrariesTest {
    /** A library that is in the local repository for certain, because this test is compiled with it. */
    @Test
    void bringsWhatTheLibraryNeeds() throws URISyntaxException {
        Path jar = Path.of(SimpleMatrix.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        String version = jar.getParent().getFileName().toString();
        List<Path> found = Libraries.resolve(Libraries.Request.of(List.of("org.ejml:ejml-simple:" + version))).stream()
                .map(Libraries.Found::file)
                .toList();
        assertTrue(found.stream().allMatch(Files::isRegularFile), found.toString());
        for (String needed : List.of("ejml-simple", "ejml-core", "ejml-ddense")) {
            assertTrue(
                    found.stream().anyMatch(p -> p.getFileName().toString().startsWith(needed + "-" + version)),
                    needed + " in " + found);
        }
    }

    /** Making it takes most of a second, of which each %maven would begin. */
    @Test
    void keepsTheResolver() {
        Libraries.Request nothing = Libraries.Request.of(List.of("org.carousel.nowhere:nothing:1.0"));
        assertThrows(IllegalStateException.class, () -> Libraries.resolve(nothing));
        Object made = Libraries.resolver;
        assertThrows(IllegalStateException.class, () -> Libraries.resolve(nothing));
        assertNotNull(made);
        assertSame(made, Libraries.resolver);
    }

    @Test
    void namesWhatIsMissing() {
        String message = assertThrows(
                        IllegalStateException.class,
                        () -> Libraries.resolve(Libraries.Request.of(List.of("org.carousel.nowhere:nothing:1.0"))))
                .getMessage();
        assertTrue(message.contains("org.carousel.nowhere:nothing"), message);
        String form = assertThrows(
                        IllegalArgumentException.class, () -> Libraries.resolve(Libraries.Request.of(List.of("ejml"))))
                .getMessage();
        assertTrue(form.contains("group:artifact:version"), form);
        assertThrows(IllegalArgumentException.class, () -> Libraries.resolve(Libraries.Request.of(List.of())));
    }
}
