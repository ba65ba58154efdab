package org.carousel.weights;

import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What each family of pretrained networks calls the parts of a network: our name and theirs in a line, N for the number
 * of a layer. A name of a part stands for its weight and its bias.
 */
final class NameTable implements UnaryOperator<String> {
    /** {@code BertModel} of Hugging Face's transformers. */
    static final NameTable BERT = new NameTable(
            "BERT",
            """
            tokens                embeddings.word_embeddings
            positions             embeddings.position_embeddings
            segments              embeddings.token_type_embeddings
            norm                  embeddings.LayerNorm
            layer.N.query         encoder.layer.N.attention.self.query
            layer.N.key           encoder.layer.N.attention.self.key
            layer.N.value         encoder.layer.N.attention.self.value
            layer.N.out           encoder.layer.N.attention.output.dense
            layer.N.norm1         encoder.layer.N.attention.output.LayerNorm
            layer.N.wide          encoder.layer.N.intermediate.dense
            layer.N.narrow        encoder.layer.N.output.dense
            layer.N.norm2         encoder.layer.N.output.LayerNorm
            pooler                pooler.dense
            position numbers      embeddings.position_ids
            """);

    /** The files of Silero VAD for 16 kHz. */
    static final NameTable SILERO_VAD = new NameTable(
            "Silero VAD",
            """
            fourier               stft_conv
            convolution.N         convN
            lstm.weight_ih_l0     lstm_cell.weight_ih
            lstm.weight_hh_l0     lstm_cell.weight_hh
            lstm.bias_ih_l0       lstm_cell.bias_ih
            lstm.bias_hh_l0       lstm_cell.bias_hh
            last                  final_conv
            """);

    /** The arrays of g2p-en. */
    static final NameTable G2P_EN = new NameTable(
            "g2p-en",
            """
            reader.embedding      enc_emb
            reader.weight_ih_l0   enc_w_ih
            reader.weight_hh_l0   enc_w_hh
            reader.bias_ih_l0     enc_b_ih
            reader.bias_hh_l0     enc_b_hh
            speaker.embedding     dec_emb
            speaker.weight_ih_l0  dec_w_ih
            speaker.weight_hh_l0  dec_w_hh
            speaker.bias_ih_l0    dec_b_ih
            speaker.bias_hh_l0    dec_b_hh
            output.weight         fc_w
            output.bias           fc_b
            """);

    private static final Pattern NUMBER = Pattern.compile("(?<=\\.)\\d+(?=\\.|$)");

    private final String family;
    private final Map<String, String> theirs;

    private NameTable(String family, String lines) {
        this.family = family;
        theirs = lines.lines()
                .map(line -> line.split(" {2,}", 2))
                .collect(Collectors.toMap(both -> both[0], both -> both[1]));
    }

    /** Their name of our name. */
    @Override
    public String apply(String ours) {
        Matcher number = NUMBER.matcher(ours);
        String layer = number.find() ? number.group() : "";
        String asked = layer.isEmpty() ? ours : number.replaceFirst("N");
        String found = theirs.get(asked);
        if (found == null) {
            int dot = asked.lastIndexOf('.');
            String part = dot < 0 ? null : theirs.get(asked.substring(0, dot));
            if (part == null) {
                throw new IllegalArgumentException("names: " + family + " has no '" + ours + "'");
            }
            found = part + asked.substring(dot);
        }
        return layer.isEmpty() ? found : found.replaceFirst("N", layer);
    }
}
