package org.carousel.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code carousel} in surroundings that break, with small scripts in place of Java, Python and Maven. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class ScriptTest {
    @TempDir
    Path folder;

    private Path root;
    private Path tools;

    record Ended(int code, String said) {}

    @BeforeEach
    void surroundings() throws IOException {
        tools = Files.createDirectories(folder.resolve("tools"));
        tool(
                "java",
                """
                case $1 in
                -version) echo "openjdk version \\"${JAVA_IS:-17.0.1}\\" 2021" >&2 ;;
                --list-modules) echo jdk.jshell@17 ;;
                *) case $* in *Fonts*) exit ${FONTS:-0} ;; esac ;;
                esac
                """);
        tool(
                "mvn",
                "echo built >>\"$LOG\"\nmkdir -p lib/target/kernelspec/java/lib lib/target/classes\n"
                        + "cp lib/src/main/kernelspec/kernel.json lib/target/kernelspec/java/\n");
        tool(
                "jupyter-stub",
                """
                here=$(dirname "$0")/../kernels/java
                case "$1 ${2:-}" in
                lab*) echo "$*" >>"$LOG" ;;
                nbconvert*) echo "numbers as in $LC_ALL" >>"$LOG" ;;
                "kernelspec list") [ ! -d "$here" ] || echo "  java    $here" ;;
                "kernelspec install") mkdir -p "$here" && for last; do :; done && cp -R "$last"/. "$here" ;;
                "kernelspec remove") rm -r "$here" ;;
                esac
                """);
        tool(
                "python3",
                """
                [ "$1" = -c ] && exit 0
                mkdir -p "$3/bin" && cp "$TOOLS/jupyter-stub" "$3/bin/jupyter" && cp "$TOOLS/pip" "$3/bin/python"
                """);
        tool(
                "pip",
                """
                echo pip >>"$LOG"
                sleep "${PIP_TAKES:-0}"
                [ -z "${OFFLINE:-}" ] || exit 1
                for name in lab nbconvert; do cp "$TOOLS/jupyter-stub" "$(dirname "$0")/jupyter-$name"; done
                """);
        clone("clone");
    }

    private void tool(String name, String text) throws IOException {
        Path file = Files.writeString(tools.resolve(name), "#!/bin/sh\n" + text);
        assertTrue(file.toFile().setExecutable(true));
    }

    private void clone(String name) throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path source = Files.exists(here.resolve("carousel")) ? here : here.getParent();
        root = Files.createDirectories(folder.resolve(name));
        Path script = Files.copy(source.resolve("carousel"), root.resolve("carousel"));
        assertTrue(script.toFile().setExecutable(true));
        Path main = Files.createDirectories(root.resolve("lib/src/main/kernelspec"));
        Files.copy(source.resolve("lib/src/main/kernelspec/kernel.json"), main.resolve("kernel.json"));
        Files.createDirectories(root.resolve("data"));
        Files.writeString(
                Files.createDirectories(root.resolve("lib/src/main/java")).resolve("A.java"), "");
        Files.writeString(root.resolve("pom.xml"), "");
        Files.writeString(root.resolve("lib/pom.xml"), "");
    }

    private Process start(Map<String, String> environment, String... words) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("sh", root.resolve("carousel").toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Files.createTempFile(folder, "said", "").toFile());
        builder.environment().remove("JAVA_HOME");
        builder.environment()
                .putAll(Map.of(
                        "PATH",
                        tools + ":/usr/bin:/bin",
                        "TOOLS",
                        tools.toString(),
                        "LOG",
                        folder.resolve("log").toString(),
                        "LC_ALL",
                        "C"));
        builder.environment().putAll(environment);
        Path said = builder.redirectOutput().file().toPath();
        Process process = builder.start();
        outputs.put(process, said);
        return process;
    }

    private final Map<Process, Path> outputs = new java.util.HashMap<>();

    private Ended end(Process process) throws IOException, InterruptedException {
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return new Ended(process.exitValue(), Files.readString(outputs.get(process)));
    }

    private Ended run(Map<String, String> environment, String... words) throws IOException, InterruptedException {
        return end(start(environment, words));
    }

    private long count(String word) throws IOException {
        Path log = folder.resolve("log");
        return Files.exists(log)
                ? Files.readAllLines(log).stream().filter(word::equals).count()
                : 0;
    }

    private static void oneLine(String expected, Ended ended) {
        assertEquals(1, ended.code(), ended.said());
        String last = ended.said().lines().reduce("", (before, line) -> line);
        assertTrue(last.startsWith("carousel: ") && last.contains(expected), ended.said());
    }

    // ------------------------------------------------------------------ tests

    @Test
    void setsUpOnce() throws Exception {
        assertTrue(run(Map.of(), "--no-open").said().endsWith("Ready: ./carousel opens JupyterLab.\n"));
        assertEquals(
                "Ready: ./carousel opens JupyterLab.\n",
                run(Map.of(), "--no-open").said());
        assertEquals(1, count("pip"));
        assertEquals(1, count("built"));
        assertFalse(Files.exists(root.resolve(".carousel-lock")));
    }

    @Test
    void twoAtOnceWaitForEachOther() throws Exception {
        Process first = start(Map.of("PIP_TAKES", "2"), "--no-open");
        TimeUnit.MILLISECONDS.sleep(700);
        Process second = start(Map.of("PIP_TAKES", "2"), "--no-open");
        Ended waited = end(second);
        assertEquals(0, end(first).code());
        assertEquals(0, waited.code(), waited.said());
        assertTrue(waited.said().contains("waiting for it"), waited.said());
        assertEquals(1, count("pip"));
        assertEquals(1, count("built"));
    }

    @Test
    void repairsASetUpThatWasKilled() throws Exception {
        Process killed = start(Map.of("PIP_TAKES", "60"), "--no-open");
        while (count("pip") == 0) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        List<ProcessHandle> below = killed.descendants().toList();
        killed.destroyForcibly();
        end(killed);
        below.forEach(ProcessHandle::destroyForcibly);
        assertTrue(Files.exists(root.resolve(".venv/bin/jupyter")), "as pip leaves it");
        Ended repaired = run(Map.of(), "--no-open");
        assertEquals(0, repaired.code(), repaired.said());
        assertTrue(Files.exists(root.resolve(".venv/bin/jupyter-lab")));
    }

    @Test
    void interruptedInPipLeavesNothing() throws Exception {
        Process stopped = start(Map.of("PIP_TAKES", "3"), "--no-open");
        while (count("pip") == 0) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        stopped.destroy();
        assertEquals(1, end(stopped).code());
        assertFalse(Files.exists(root.resolve(".venv")));
        assertFalse(Files.exists(root.resolve(".carousel-lock")));
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        oneLine("is Java 11; install a JDK 17 or newer", run(Map.of("JAVA_IS", "11.0.2"), "--no-open"));
        oneLine("is Java 8; install a JDK 17 or newer", run(Map.of("JAVA_IS", "1.8.0_202"), "--no-open"));
        oneLine("JupyterLab could not be installed", run(Map.of("OFFLINE", "yes"), "--no-open"));
        assertFalse(Files.exists(root.resolve(".venv")));
        String said = run(Map.of("FONTS", "3"), "--no-open").said();
        assertTrue(said.contains("apt install fontconfig fonts-dejavu-core"), said);
    }

    /** Without it the server drops the lines of a cell that prints more than 1 MB a second. */
    @Test
    void opensWithoutTheServersLimitOfOutput() throws Exception {
        assertEquals(0, run(Map.of(), "").code(), "the empty word is no command");
        String log = Files.readString(folder.resolve("log"));
        assertTrue(log.contains("--ZMQChannelsWebsocketConnection.iopub_data_rate_limit=1e9"), log);
    }

    /** Stored outputs have the digits that everybody can read; other countries' would be DIFFERENT. */
    @Test
    void notebooksRunWithTheSameDigitsInEveryCountry() throws Exception {
        Path notebook = Files.writeString(root.resolve("a.ipynb"), "{}");
        for (String country : List.of("ar_EG.UTF-8", "fa_IR.UTF-8", "C")) {
            assertEquals(
                    0,
                    run(Map.of("LC_ALL", country), "run", notebook.toString()).code());
        }
        assertEquals(3, count("numbers as in C.UTF-8"));
    }

    /** Such as a teacher's, which can be used as it is when it has been set up. */
    @Test
    void saysWhatToDoInAFolderThatCannotBeWritten() throws Exception {
        Assumptions.assumeFalse("root".equals(System.getProperty("user.name")), "root can write everywhere");
        assertTrue(root.toFile().setWritable(false));
        oneLine("copy the folder to a place of your own and run ./carousel there", run(Map.of(), "--no-open"));
        assertTrue(root.toFile().setWritable(true));
        assertEquals(0, run(Map.of(), "--no-open").code());
        assertTrue(root.toFile().setWritable(false));
        assertTrue(run(Map.of(), "--no-open").said().contains("Ready"));
        assertTrue(root.toFile().setWritable(true));
    }

    @Test
    void buildsAgainWhenASourceIsGone() throws Exception {
        run(Map.of(), "--no-open");
        Files.writeString(root.resolve("lib/target/classes/A.class"), "");
        TimeUnit.MILLISECONDS.sleep(1100);
        Files.delete(root.resolve("lib/src/main/java/A.java"));
        run(Map.of(), "--no-open");
        assertEquals(2, count("built"));
        assertFalse(Files.exists(root.resolve("lib/target/classes/A.class")));
    }

    @Test
    void foldersMayHaveAnyName() throws Exception {
        for (String name : List.of("a b 'c'", "Übung été 日本", "a&b|c")) {
            clone(name);
            Ended ended = run(Map.of(), "--no-open");
            assertEquals(0, ended.code(), ended.said());
            String json = Files.readString(root.resolve(".venv/kernels/java/kernel.json"), StandardCharsets.UTF_8);
            assertEquals(name.startsWith("Ü"), json.contains("\"env\": {\"LC_ALL\": \"C.UTF-8\"},\n"), json);
            assertTrue(json.contains("    \"" + tools.resolve("java") + "\","), json);
        }
    }

    @Test
    void noOtherKernelIsReplacedWithoutAWord() throws Exception {
        Files.copy(tools.resolve("jupyter-stub"), tools.resolve("jupyter"));
        Path other = Files.createDirectories(folder.resolve("kernels/java"));
        Files.writeString(other.resolve("kernel.json"), "{\"display_name\": \"My IJava\"}");
        oneLine("has another kernel named java", run(Map.of(), "install"));
        oneLine("no kernel of this collection", run(Map.of(), "uninstall"));
        assertEquals("{\"display_name\": \"My IJava\"}", Files.readString(other.resolve("kernel.json")));
        assertEquals(0, run(Map.of(), "install", "--replace").code());
        assertTrue(Files.readString(other.resolve("kernel.json")).contains("org.carousel.kernel"));
        assertEquals(0, run(Map.of(), "uninstall").code());
        assertFalse(Files.exists(other));
    }
}
