package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

class SnippetChecksTest {
    private static final String LOOPS =
            """
            public class Loops {
                int start = 3;
                static int none(int n) { return n > 0 ? n : -n; }
                static int one(int n) { int s = 0; for (int i = 0; i < n; i++) { s += i; } return s; }
                static int two(int n) { int s = 0; while (s < n) { do { s++; } while (s % 7 != 0); } return s; }
                static String shape(Object o) { return o instanceof String t && t.length() > 2 ? t : String.valueOf(o); }
                static void exit() { System.exit(3); }
                static void leave() { Runtime.getRuntime().exit(4); }
                static void halt() { Runtime.getRuntime().halt(5); }
                static int own() { return exit(6); }
                static int exit(int status) { return status + 1; }
            }
            """;

    @Test
    void checksStandAtStartsAndJumpsBackwards() {
        Map<String, Integer> checks = new TreeMap<>();
        Compiled.classFiles("Loops", LOOPS).values().forEach(bytes -> count(SnippetChecks.of(bytes), checks));
        assertEquals(1, checks.get("none"), "jumps forwards only");
        assertEquals(2, checks.get("one"));
        assertEquals(3, checks.get("two"));
        assertEquals(0, checks.get("<init>"), "a constructor must begin with that of its superclass");
    }

    private static void count(byte[] classFile, Map<String, Integer> checks) {
        new ClassReader(classFile)
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String descriptor, String signature, String[] thrown) {
                                checks.merge(name, 0, Integer::sum);
                                return new MethodVisitor(Opcodes.ASM9) {
                                    @Override
                                    public void visitInvokeDynamicInsn(
                                            String called, String type, Handle bootstrap, Object... arguments) {
                                        if (bootstrap.getOwner().equals("org/carousel/kernel/internal/Interrupts")) {
                                            checks.merge(name, 1, Integer::sum);
                                        }
                                    }
                                };
                            }
                        },
                        0);
    }

    @Test
    void codeWithChecksGivesWhatItGave() throws Exception {
        Class<?> plain = Compiled.load("Loops", LOOPS);
        Class<?> checked = Compiled.loadChecked("Loops", LOOPS);
        for (String name : new String[] {"none", "one", "two"}) {
            for (int n : new int[] {0, 1, 10, 100}) {
                assertEquals(call(plain, name, n), call(checked, name, n), name + " " + n);
            }
        }
        var shape = checked.getDeclaredMethod("shape", Object.class);
        shape.setAccessible(true);
        assertEquals("abc", shape.invoke(null, "abc"));
        assertEquals("4", shape.invoke(null, 4));
    }

    private static Object call(Class<?> type, String name, int n) throws ReflectiveOperationException {
        var method = type.getDeclaredMethod(name, int.class);
        method.setAccessible(true);
        return method.invoke(null, n);
    }

    @Test
    void theKernelOutlivesExit() throws Exception {
        Class<?> checked = Compiled.loadChecked("Loops", LOOPS);
        Map.of("exit", 3, "leave", 4, "halt", 5).forEach((name, status) -> {
            InvocationTargetException thrown = assertThrows(InvocationTargetException.class, () -> {
                var method = checked.getDeclaredMethod(name);
                method.setAccessible(true);
                method.invoke(null);
            });
            assertInstanceOf(CellError.class, thrown.getCause());
            assertTrue(thrown.getCause().getMessage().startsWith("System.exit(" + status + ")"), name);
        });
        var own = checked.getDeclaredMethod("own");
        own.setAccessible(true);
        assertEquals(7, own.invoke(null), "a method of the reader's own that is called exit");
    }
}
