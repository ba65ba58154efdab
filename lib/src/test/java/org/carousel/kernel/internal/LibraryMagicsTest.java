package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The magics that add libraries, with a repository and a local repository of the test's own: nothing is downloaded. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class LibraryMagicsTest {
    private Path folder;
    private Path repository;
    private KernelProcess kernel;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        repository = folder.resolve("repository");
        deploy("hello", "1.0", dependency("base", "1.0"), "hello.Hello", "return \"hello \" + base.Base.text();", true);
        deploy("hello", "2.0", dependency("base", "2.0"), "hello.Hello", "return \"HELLO \" + base.Base.text();", true);
        deploy("base", "1.0", "", "base.Base", "return \"1\";", true);
        deploy("base", "2.0", "", "base.Base", "return \"2\";", true);
        deploy("child", "1.0", dependency("base", ""), "child.Child", "return \"child of \" + base.Base.text();", true);
        deploy("xchart", "0.1", "", "org.knowm.xchart.XYChart", "return \"old\";", true);
        deploy("ejml-simple", "0.1", "", "org.ejml.simple.SimpleMatrix", "return \"old\";", true);
        deploy("slf4j", "1.0", "", "org.slf4j.LoggerFactory", "return \"a logger that speaks\";", true);
        deploy("bom", "1.0", "", "", "", false);
        Files.writeString(
                file("bom", "1.0", "pom"),
                pom(
                        "bom",
                        "1.0",
                        "<dependencyManagement><dependencies>" + dependency("base", "2.0") + dependency("hello", "1.0")
                                + "</dependencies></dependencyManagement>"));
        kernel = kernel(folder);
        assertEquals(
                "ok", kernel.run("%mavenRepo stranger " + repository.toUri()).status());
    }

    private KernelProcess kernel(Path place) throws IOException {
        Path settings = Files.createDirectories(folder.resolve("home/.m2")).resolve("settings.xml");
        Files.writeString(
                settings, "<settings><localRepository>" + folder.resolve("local") + "</localRepository></settings>");
        return KernelProcess.start(
                place, Map.of("JDK_JAVA_OPTIONS", "-Duser.home=" + folder.resolve("home")), List.of());
    }

    @AfterAll
    void stop() {
        kernel.close();
    }

    private KernelProcess.Outcome ok(String code) {
        KernelProcess.Outcome outcome = kernel.run(code);
        assertEquals("ok", outcome.status(), () -> code + "\n" + outcome.error());
        return outcome;
    }

    private static void ok(KernelProcess.Outcome outcome) {
        assertEquals("ok", outcome.status(), outcome::error);
    }

    // ------------------------------------------------------------------ a repository

    private static String dependency(String artifact, String version) {
        return "<dependency><groupId>stranger</groupId><artifactId>" + artifact + "</artifactId>"
                + (version.isEmpty() ? "" : "<version>" + version + "</version>") + "</dependency>";
    }

    private static String pom(String artifact, String version, String more) {
        return "<project><modelVersion>4.0.0</modelVersion><groupId>stranger</groupId><artifactId>" + artifact
                + "</artifactId><version>" + version + "</version>" + more + "</project>";
    }

    private Path file(String artifact, String version, String extension) throws IOException {
        Path place = repository.resolve("stranger").resolve(artifact).resolve(version);
        return Files.createDirectories(place).resolve(artifact + "-" + version + "." + extension);
    }

    private void deploy(String artifact, String version, String dependency, String type, String body, boolean isJar)
            throws IOException {
        String needs = dependency.contains("<version>") || dependency.isEmpty()
                ? "<dependencies>" + dependency + "</dependencies>"
                : "<dependencyManagement><dependencies><dependency><groupId>stranger</groupId><artifactId>bom</artifactId>"
                        + "<version>1.0</version><type>pom</type><scope>import</scope></dependency></dependencies>"
                        + "</dependencyManagement><dependencies>" + dependency + "</dependencies>";
        Files.writeString(file(artifact, version, "pom"), pom(artifact, version, needs));
        if (!isJar) {
            return;
        }
        Path work = Files.createTempDirectory(folder, "source");
        List<String> sources = new ArrayList<>();
        String base = "package base; public class Base { public static String text() { return \"\"; } }";
        String hello = source("hello.Hello", "return null;");
        for (String[] one : new String[][] {{"base.Base", base}, {"hello.Hello", hello}, {type, source(type, body)}}) {
            Path path = work.resolve(one[0].replace('.', '/') + ".java");
            Files.createDirectories(path.getParent());
            Files.writeString(path, one[1]);
            sources.add(path.toString());
        }
        List<String> options = new ArrayList<>(List.of("-proc:none", "-d", work.toString()));
        options.addAll(sources.stream().distinct().toList());
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, options.toArray(String[]::new)));
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file(artifact, version, "jar")))) {
            String name = type.replace('.', '/') + ".class";
            jar.putNextEntry(new JarEntry(name));
            jar.write(Files.readAllBytes(work.resolve(name)));
        }
    }

    private static String source(String type, String body) {
        int dot = type.lastIndexOf('.');
        return "package " + type.substring(0, dot) + "; public class " + type.substring(dot + 1)
                + " { public static String text() { " + body + " } }";
    }

    // ------------------------------------------------------------------ tests

    @Test
    void looksInTheRepositoriesOfTheNotebook(@TempDir Path place) throws IOException {
        try (KernelProcess other = kernel(place)) {
            String error = other.run("%maven stranger:hello:1.0").error();
            assertTrue(error.contains("stranger:hello"), error);
            ok(other.run("%addMavenRepo stranger " + repository.toUri()));
            ok(other.run("%maven -v stranger#hello;1.0 // the first edition"));
            KernelProcess.Outcome first = other.run("hello.Hello.text()");
            assertEquals("hello 1", first.value(), first.error());
            String told = other.run("%addMavenDependency stranger:hello:2.0").text("stderr");
            assertEquals(
                    "stranger:hello 2.0 is not used: 1.0 was added before; restart the kernel to have another version\n",
                    told);
            assertEquals("hello 1", other.run("hello.Hello.text()").value());
        }
    }

    @Test
    void readsProjects(@TempDir Path place) throws IOException {
        try (KernelProcess other = kernel(place)) {
            ok(other.run("%%loadFromPOM\n<repository><id>stranger</id><url>" + repository.toUri()
                    + "</url></repository>\n" + dependency("hello", "2.0")));
            assertEquals("HELLO 2", other.run("hello.Hello.text()").value());
        }
        Path pom = Files.writeString(
                place.resolve("pom.xml"),
                pom(
                        "mine",
                        "1",
                        "<repositories><repository><id>stranger</id><url>" + repository.toUri()
                                + "</url></repository></repositories>"
                                + "<dependencyManagement><dependencies><dependency><groupId>stranger</groupId><artifactId>bom</artifactId>"
                                + "<version>1.0</version><type>pom</type><scope>import</scope></dependency></dependencies>"
                                + "</dependencyManagement><dependencies>" + dependency("hello", "")
                                + "</dependencies>"));
        try (KernelProcess other = kernel(place)) {
            ok(other.run("%loadFromPOM " + pom));
            assertEquals("hello 2", other.run("hello.Hello.text()").value(), "both versions are the bill's");
            String wrong = other.run("%%loadFromPOM\n<dependency>").error();
            assertTrue(wrong.contains("%%loadFromPOM: this is no part of a pom.xml"), wrong);
        }
    }

    @Test
    void billsOfMaterialsGiveVersions(@TempDir Path place) throws IOException {
        try (KernelProcess other = kernel(place)) {
            ok(other.run("%mavenRepo stranger " + repository.toUri()));
            String error = other.run("%maven stranger:base").error();
            assertTrue(error.contains("stranger:base: which version?"), error);
            ok(other.run("%maven stranger:bom:pom:1.0\n%maven stranger:base"));
            assertEquals("2", other.run("base.Base.text()").value());
        }
    }

    /** Files of one library under different classifiers, such as its tests or what is native, do not replace each other. */
    @Test
    void filesBesideALibraryComeToo(@TempDir Path place) throws IOException {
        deploy("checks", "2.0", "", "hello.Checks", "return \"tests of \" + Hello.text();", true);
        Path tests = file("hello", "2.0", "jar").resolveSibling("hello-2.0-tests.jar");
        Files.copy(file("checks", "2.0", "jar"), tests);
        try (KernelProcess other = kernel(place)) {
            ok(other.run("%mavenRepo stranger " + repository.toUri()));
            ok(other.run("%maven stranger:hello:2.0\n%maven stranger:hello:test-jar:2.0"));
            assertEquals("tests of HELLO 2", other.run("hello.Checks.text()").value());
        }
        Path second = Files.createDirectories(place.resolve("second"));
        try (KernelProcess other = kernel(second)) {
            ok(other.run("%%loadFromPOM\n<repository><id>stranger</id><url>" + repository.toUri()
                    + "</url></repository>\n" + dependency("hello", "2.0")
                    + dependency("hello", "2.0").replace("</dependency>", "<type>test-jar</type></dependency>")));
            assertEquals("tests of HELLO 2", other.run("hello.Checks.text()").value());
        }
    }

    @Test
    void takesTheWordsOfOtherKernels(@TempDir Path place) throws IOException {
        try (KernelProcess other = kernel(place)) {
            ok(other.run("%classpath config resolver stranger " + repository.toUri()));
            ok(other.run("%dependency /add stranger:child:1.0\n%dependency /resolve"));
            assertEquals("child of 2", other.run("child.Child.text()").value());
            ok(other.run("%classpath add mvn stranger hello 2.0"));
            assertEquals("HELLO 2", other.run("hello.Hello.text()").value());
            String error = other.run("%dependency /list-all").error();
            assertTrue(error.contains("/list-all is not known here"), error);
        }
    }

    @Test
    void theVersionThatIsAskedForIsTheOneCellsGet() {
        KernelProcess.Outcome outcome = ok("%maven stranger:xchart:0.1");
        assertTrue(
                outcome.text("stderr").startsWith("stranger:xchart 0.1 takes the place of the kernel's "),
                outcome.text("stderr"));
        assertEquals("old", ok("XYChart.text()").value());
    }

    @Test
    void orALineSaysWhichOneTheyDoNotGet() {
        ok("SimpleMatrix.identity(2);");
        KernelProcess.Outcome outcome = ok("%maven stranger:ejml-simple:0.1");
        assertTrue(
                outcome.text("stderr")
                        .startsWith("stranger:ejml-simple 0.1 is not used: the cells already use the kernel's "),
                outcome.text("stderr"));
        assertEquals("2", ok("SimpleMatrix.identity(2).getNumRows()").value());
    }

    @Test
    void aLoggingFrameworkOfTheNotebookIsNotSilenced() {
        ok("%maven stranger:slf4j:1.0");
        assertEquals(
                "a logger that speaks", ok("org.slf4j.LoggerFactory.text()").value());
    }
}
