package org.carousel.weights;

import static org.carousel.Refusals.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class NameTableTest {
    @Test
    void partsHaveWeightsAndBiases() {
        assertEquals("embeddings.word_embeddings.weight", NameTable.BERT.apply("tokens.weight"));
        assertEquals("encoder.layer.11.attention.output.LayerNorm.bias", NameTable.BERT.apply("layer.11.norm1.bias"));
        assertEquals("conv3.weight", NameTable.SILERO_VAD.apply("convolution.3.weight"));
        assertEquals("lstm_cell.bias_hh", NameTable.SILERO_VAD.apply("lstm.bias_hh_l0"));
        assertEquals("fc_b", NameTable.G2P_EN.apply("output.bias"));
    }

    @Test
    void whatIsInNoTableIsRefused() {
        assertMessage("names: BERT has no 'layer.0.gate.weight'", () -> NameTable.BERT.apply("layer.0.gate.weight"));
    }
}
