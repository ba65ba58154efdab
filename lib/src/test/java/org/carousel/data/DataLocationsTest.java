package org.carousel.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DataLocationsTest {
    private final Map<String, String> properties =
            new HashMap<>(Map.of("user.home", absolute("home"), "os.name", "Linux"));
    private final Map<String, String> environment = new HashMap<>();

    @Test
    void withoutSettingsThereIsOnlyTheUsersCache() {
        assertEquals(
                new DataLocations(
                        Optional.empty(),
                        DataLocations.ofThisProcess().shipped(),
                        Path.of(absolute("home"), ".cache", "carousel"),
                        false),
                locations());
    }

    @Test
    void thePropertyComesBeforeTheVariable() {
        environment.put("CAROUSEL_DATA", absolute("variable"));
        assertEquals(Optional.of(Path.of(absolute("variable"))), locations().shared());
        properties.put("carousel.data", absolute("property"));
        assertEquals(Optional.of(Path.of(absolute("property"))), locations().shared());
        properties.put("carousel.data", " ");
        assertEquals(Optional.of(Path.of(absolute("variable"))), locations().shared());
    }

    @Test
    void theCacheFollowsPropertyThenXdg() {
        environment.put("XDG_CACHE_HOME", absolute("xdg"));
        assertEquals(Path.of(absolute("xdg"), "carousel"), locations().cache());
        properties.put("carousel.cache", absolute("mine"));
        assertEquals(Path.of(absolute("mine")), locations().cache());
    }

    @Test
    void windowsHasItsOwnCache() {
        properties.put("os.name", "Windows 11");
        environment.put("LOCALAPPDATA", absolute("local"));
        environment.put("XDG_CACHE_HOME", absolute("xdg"));
        assertEquals(Path.of(absolute("local"), "carousel"), locations().cache());
    }

    @Test
    void offlineIsAProperty() {
        assertFalse(locations().offline());
        properties.put("carousel.offline", "true");
        assertTrue(locations().offline());
    }

    @Test
    void whatIsNotAPathIsNamed() {
        environment.put("CAROUSEL_DATA", "a\0b");
        String message = Samples.messageOf(DatasetException.class, this::locations);
        assertTrue(message.startsWith("the setting CAROUSEL_DATA is not a path: "), message);
    }

    private DataLocations locations() {
        return DataLocations.of(properties::get, environment::get);
    }

    private static String absolute(String name) {
        return Path.of("").toAbsolutePath().resolve(name).toString();
    }
}
