package org.carousel.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerifyNotebookTest {
    private static JsonObject notebook(String tags, String outputs) {
        return new Gson()
                .fromJson(
                        "{'cells':[{'cell_type':'markdown','source':'x'},{'cell_type':'code','execution_count':1,"
                                + "'metadata':{'tags':[" + tags + "]},'source':['a;\\n','b'],'outputs':[" + outputs
                                + "]}]}",
                        JsonObject.class);
    }

    private static JsonObject result(String data) {
        return notebook("", "{'output_type':'execute_result','metadata':{},'data':{" + data + "}}");
    }

    @Test
    void theSameIsTheSame() {
        JsonObject a = result("'text/plain':['1\\n','2'],'image/png':'AAAA'");
        assertEquals(List.of(), VerifyNotebook.compare(a, a));
    }

    @Test
    void textMustBeTheSameAndImagesOnlyThere() {
        JsonObject a = result("'text/plain':['1\\n','2'],'image/png':'AAAA'");
        assertEquals(List.of(), VerifyNotebook.compare(a, result("'text/plain':'1\\n2','image/png':'BBBB'")));
        assertEquals(
                List.of("code cell 1, output 01 text/plain: line 2 was \"2\" and is \"3\""),
                VerifyNotebook.compare(a, result("'text/plain':'1\\n3','image/png':'AAAA'")));
        assertTrue(
                VerifyNotebook.compare(a, result("'text/plain':'1\\n2'")).get(0).contains("image/png"));
    }

    @Test
    void streamsAreComparedHoweverTheyWereCut() {
        String one = "{'output_type':'stream','name':'stdout','text':'ab\\n'}";
        String two =
                "{'output_type':'stream','name':'stdout','text':'a'},{'output_type':'stream','name':'stdout','text':['b\\n']}";
        assertEquals(List.of(), VerifyNotebook.compare(notebook("", one), notebook("", two)));
        assertEquals(
                List.of("code cell 1, stream stdout: is stored, begins \"ab\", and does not come any more"),
                VerifyNotebook.compare(notebook("", one), notebook("", "")));
        assertEquals(
                List.of("code cell 1, stream stdout: is not stored, and begins \"ab\""),
                VerifyNotebook.compare(notebook("", ""), notebook("", one)));
    }

    @Test
    void cellsTaggedTimingAreLeftOut() {
        String before = "{'output_type':'stream','name':'stdout','text':'1 s'}";
        String after = "{'output_type':'stream','name':'stdout','text':'2 s'}";
        assertEquals(
                1,
                VerifyNotebook.compare(notebook("", before), notebook("", after))
                        .size());
        assertEquals(List.of(), VerifyNotebook.compare(notebook("'timing'", before), notebook("'timing'", after)));
    }

    @Test
    void cellsThatWereNeverExecutedAreNamed() {
        JsonObject never = new Gson()
                .fromJson(
                        "{'cells':[{'cell_type':'code','execution_count':null,'metadata':{},'source':'a','outputs':[]}]}",
                        JsonObject.class);
        assertEquals(List.of("code cell 1 was never executed; store a full run"), VerifyNotebook.compare(never, never));
    }

    @Test
    void missingDataAreToldApartFromDifferences() {
        String missing = "{'output_type':'stream','name':'stdout','text':'fsdd/fsdd.tar is missing: it has no download "
                + "address. To get it, put it there\\n'}";
        String had = "{'output_type':'stream','name':'stdout','text':'accuracy 0.95\\n'}";
        List<String> said = List.of("fsdd/fsdd.tar is missing: it has no download address. To get it, put it there");
        assertEquals(said, VerifyNotebook.missing(notebook("", had), notebook("", missing)));
        assertEquals(List.of(), VerifyNotebook.missing(notebook("", missing), notebook("", missing)));
        assertEquals(List.of(), VerifyNotebook.missing(notebook("", had), notebook("", had.replace("0.95", "0.94"))));
    }

    @Test
    void pixelsOfChartsMayDifferAndTheirWordsMayNot() {
        String chart = "'text/plain':'w','text/html':'<img alt=\"[chart] Loss. first 3\" width=\"720\" height=\"360\" "
                + "src=\"data:image/png;base64,AAAA\">'";
        assertEquals(List.of(), VerifyNotebook.compare(result(chart), result(chart.replace("AAAA", "BBBB"))));
        assertEquals(List.of(), VerifyNotebook.compare(result(chart), result(chart.replace("720", "721"))));
        assertEquals(
                1,
                VerifyNotebook.compare(result(chart), result(chart.replace("first 3", "first 4")))
                        .size());
        String matrix = chart.replace("[chart] Loss", "heat map of Tensor");
        assertEquals(
                1,
                VerifyNotebook.compare(result(matrix), result(matrix.replace("AAAA", "BBBB")))
                        .size());
    }
}
