package org.carousel.kernel.internal;

import io.github.spencerpark.jupyter.messages.HMACGenerator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.carousel.fuzzing.Reader;
import org.carousel.fuzzing.Sealed;

/** Messages of the wire protocol, as they are and signed again after they were changed. */
public final class FuzzedMessages {
    private static final HMACGenerator SIGNATURES = signatures();

    private FuzzedMessages() {}

    /** The one reader; its contents are the parts of a message, with a byte between them. */
    public static Reader reader() {
        List<byte[]> samples = new ArrayList<>();
        for (String[] kind : new String[][] {
            {"execute_request", "{\"code\":\"1+1\",\"silent\":false,\"user_expressions\":{},\"allow_stdin\":true}"},
            {"kernel_info_request", "{}"},
            {"complete_request", "{\"code\":\"Math.\",\"cursor_pos\":5}"},
            {"inspect_request", "{\"code\":\"Math\",\"cursor_pos\":2,\"detail_level\":0}"},
            {"history_request", "{\"output\":false,\"raw\":true,\"hist_access_type\":\"tail\",\"n\":3}"},
            {"is_complete_request", "{\"code\":\"for (\"}"},
            {"comm_open", "{\"comm_id\":\"c\",\"target_name\":\"t\",\"data\":{\"a\":[1]}}"},
            {"shutdown_request", "{\"restart\":false}"}
        }) {
            String header = "{\"msg_id\":\"m\",\"session\":\"s\",\"username\":\"u\",\"date\":\"2026-01-01T00:00:00Z\","
                    + "\"msg_type\":\"" + kind[0] + "\",\"version\":\"5.3\"}";
            samples.add(sealed(Sealed.joined(List.of(
                    Reader.bytes("identity"),
                    Reader.bytes("<IDS|MSG>"),
                    new byte[0],
                    Reader.bytes(header),
                    Reader.bytes("{}"),
                    Reader.bytes("{\"k\":1}"),
                    Reader.bytes(kind[1])))));
        }
        Messages messages = new Messages(SIGNATURES);
        return new Reader(
                "signed messages",
                samples,
                List.of(
                        new byte[] {0x1f},
                        Reader.bytes("<IDS|MSG>"),
                        Reader.bytes("null"),
                        Reader.bytes("\"msg_type\":\"status\","),
                        Reader.bytes("{\"a\":"),
                        Reader.bytes("[")),
                FuzzedMessages::sealed,
                content -> {
                    try {
                        messages.read(parts(content));
                    } catch (IllegalArgumentException e) {
                        throw Sealed.named(e);
                    }
                });
    }

    private static List<byte[]> parts(byte[] content) {
        List<byte[]> parts = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < content.length; at++) {
            if (content[at] == 0x1f) {
                parts.add(Arrays.copyOfRange(content, from, at));
                from = at + 1;
            }
        }
        return parts;
    }

    private static byte[] sealed(byte[] content) {
        List<byte[]> parts = parts(content);
        byte[] delimiter = Reader.bytes("<IDS|MSG>");
        for (int k = 0; k + 5 < parts.size(); k++) {
            if (Arrays.equals(parts.get(k), delimiter)) {
                String signature = SIGNATURES.calculateSignature(
                        parts.get(k + 2), parts.get(k + 3), parts.get(k + 4), parts.get(k + 5));
                parts.set(k + 1, signature.getBytes(StandardCharsets.US_ASCII));
                return Sealed.joined(parts);
            }
        }
        return content;
    }

    private static HMACGenerator signatures() {
        try {
            return new HMACGenerator("HmacSHA256", "key");
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
