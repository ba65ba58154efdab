package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Classes made of a text, as the shell makes them of a cell. */
final class Compiled extends ClassLoader {
    private final Map<String, byte[]> classes;

    private Compiled(Map<String, byte[]> classes) {
        super(Compiled.class.getClassLoader());
        this.classes = classes;
    }

    /** The class files of a source with one top-level type, by the classes' names. */
    static Map<String, byte[]> classFiles(String name, String source) {
        Map<String, ByteArrayOutputStream> written = new LinkedHashMap<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileManager files =
                new ForwardingJavaFileManager<JavaFileManager>(compiler.getStandardFileManager(null, null, null)) {
                    @Override
                    public JavaFileObject getJavaFileForOutput(
                            Location where, String type, JavaFileObject.Kind kind, FileObject sibling) {
                        return new SimpleJavaFileObject(URI.create("mem:///class"), kind) {
                            @Override
                            public OutputStream openOutputStream() {
                                return written.computeIfAbsent(type, k -> new ByteArrayOutputStream());
                            }
                        };
                    }
                };
        JavaFileObject text =
                new SimpleJavaFileObject(
                        URI.create("mem:///" + name.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreErrors) {
                        return source;
                    }
                };
        assertTrue(
                compiler.getTask(null, files, null, List.of("-proc:none"), null, List.of(text))
                        .call(),
                source);
        Map<String, byte[]> classes = new LinkedHashMap<>();
        written.forEach((type, bytes) -> classes.put(type, bytes.toByteArray()));
        return classes;
    }

    /** The class, loaded as it is. */
    static Class<?> load(String name, String source) throws ClassNotFoundException {
        return new Compiled(classFiles(name, source)).loadClass(name);
    }

    /** The class, loaded with the checks of cells. */
    static Class<?> loadChecked(String name, String source) throws ClassNotFoundException {
        Map<String, byte[]> classes = classFiles(name, source);
        classes.replaceAll((type, bytes) -> SnippetChecks.of(bytes));
        return new Compiled(classes).loadClass(name);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = classes.get(name);
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }
}
