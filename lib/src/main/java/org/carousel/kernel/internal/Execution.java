package org.carousel.kernel.internal;

import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import io.github.spencerpark.jupyter.messages.publish.PublishClearOutput;
import io.github.spencerpark.jupyter.messages.request.ExecuteRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a cell: what was asked, where the answers go, and how it ended.
 *
 * <p>A cell's code goes this way: {@link #run} lets the base kernel handle the request; that calls back {@link #eval},
 * and {@link #fail} when the code ended in an exception, and sends the reply. While the cell runs, its code reaches the
 * front end by {@link #readLine}, {@link #clearOutput} and {@link #page}. Afterwards {@link #isKept} and {@link #input}
 * and {@link #value} say what becomes history, and {@link #stopsQueue} whether the cells that wait are dropped.
 */
final class Execution {
    private static final int LONGEST_VALUE = 10_000;
    private static final int LONGEST_INPUT = 100_000;

    /** What code gives. */
    interface Code {
        /** The value of the code as the front end shows it; null for none. */
        @Nullable
        DisplayData shown(String code) throws Exception;

        /** What the reader is told about an error. */
        CellErrors.Told tell(Exception thrown);

        /** After the code: what it changed of the kernel in a way that no cell can be without is as it was. */
        void restore(boolean failed);
    }

    private final int number;
    private final ExecuteRequest request;
    private final Replies replies;
    private final Code code;
    private final Cell cell;
    private final Map<String, String> expressions;
    private String value = "";
    private boolean failed;

    /**
     * An execution.
     *
     * @param number the number that the cell gets
     * @param request what the front end asks
     * @param replies where everything goes that the cell gives
     * @param code evaluates Java
     */
    Execution(int number, ExecuteRequest request, Replies replies, Code code) {
        this.number = number;
        this.request = request;
        this.replies = replies;
        this.code = code;
        this.cell = new Cell(number, replies);
        this.expressions = request.getUserExpr() == null ? Map.of() : request.getUserExpr();
    }

    /** Runs the cell, in the thread of the shell channel. */
    void run(Runnable handler) {
        if (request.isSilent()) {
            replies.beSilent();
        }
        cell.begin();
        try {
            handler.run();
        } finally {
            code.restore(failed);
            if (replies.output().isFull()) {
                CellStreams.drain();
            }
            cell.end();
            replies.output().flush();
        }
    }

    /** The value of the cell's code, and then those of the expressions that came with it. */
    @Nullable
    DisplayData eval(String text) throws Exception {
        DisplayData shown = code.shown(text);
        value = shown == null ? "" : text(shown);
        if (!expressions.isEmpty()) {
            JsonObject values = new JsonObject();
            expressions.forEach((name, expression) -> values.add(name, valueOf(expression)));
            replies.expressions(values);
        }
        return shown;
    }

    /** What an expression gives, or the error it ends in, which is not the cell's. */
    private JsonObject valueOf(String expression) {
        JsonObject json = new JsonObject();
        try {
            DisplayData shown = code.shown(expression);
            JsonObject data = new JsonObject();
            data.addProperty("text/plain", shown == null ? "null" : text(shown));
            json.addProperty("status", "ok");
            json.add("data", data);
            json.add("metadata", new JsonObject());
        } catch (Exception e) {
            json = code.tell(e).json();
            json.addProperty("status", "error");
        }
        return json;
    }

    private static String text(DisplayData shown) {
        return String.valueOf(shown.getData(MIMEType.TEXT_PLAIN));
    }

    /** The cell ends in an error. Gives the lines that are shown. */
    List<String> fail(Exception thrown) {
        failed = true;
        CellErrors.Told told = code.tell(thrown);
        replies.error(told);
        return told.lines();
    }

    /** A line from the reader. */
    String readLine() {
        if (!request.isStdinEnabled()) {
            throw cannotAsk();
        }
        String question = replies.output().takeUnfinishedLine();
        replies.output().flush(); // what was said before stands above the field for the answer
        return replies.readFromStdIn(question);
    }

    /** What reading ends in where nobody can be asked; no exception of reading, because scanners swallow those. */
    static CellError cannotAsk() {
        return new CellError("System.in: this front end cannot ask the reader for input");
    }

    /** Clears what the cell has shown. */
    void clearOutput() {
        replies.publish(PublishClearOutput.NOW);
    }

    /** Shows a text in the pager when the cell is over. */
    void page(String text) {
        replies.page(text);
    }

    int number() {
        return number;
    }

    /** Whether the cell becomes history and counts. */
    boolean isKept() {
        return request.shouldStoreHistory() && !request.isSilent();
    }

    String input() {
        return shortened(request.getCode(), LONGEST_INPUT);
    }

    /** The text of the value; shortened, because the history is read at every start and holds no megabytes. */
    String value() {
        return shortened(value, LONGEST_VALUE);
    }

    private static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "...";
    }

    /** Whether the cells behind it are not to run. */
    boolean stopsQueue() {
        return failed && request.shouldStopOnError();
    }
}
