package org.carousel.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.carousel.layers.Affine;
import org.carousel.recurrent.CellStream;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.Rectifiers;
import org.carousel.tensor.internal.kernels.functions.Spectrum;

/**
 * Does someone speak? Silero VAD for 16 kHz: four convolutions over a spectrum, an LSTM that remembers, one number.
 *
 * <pre>
 * frame    64 old samples, 512 new ones, 64 mirrored at the right edge: [640]
 * s        |Fourier| of 4 windows of 256 samples, 128 apart: [4×129]
 * u        relu(conv) four times, width 3, strides 1 2 2 1: [1×128]
 * h, c     LSTM(u, h, c)
 * p        σ(w · relu(h) + b)
 * </pre>
 *
 * <p>A frame is 32 ms. The last 64 samples and h and c are carried from frame to frame, so a recording is read in order,
 * each by a stream of its own. Source: the model's public code, github.com/snakers4/silero-vad, version 6.
 */
public final class SpeechDetector {
    /** Samples per second. */
    public static final int RATE = 16_000;
    /** New samples in a frame. */
    public static final int FRAME = 512;

    private static final int KEPT = 64;
    private static final int WINDOW = 256;
    private static final int HOP = 128;
    private static final int BINS = WINDOW / 2 + 1;
    private static final int WIDTH = 3;
    private static final int[][] CHANNELS = {{BINS, 128}, {128, 64}, {64, 64}, {64, 128}};
    private static final int[] STRIDES = {1, 2, 2, 1};

    private final Tensor fourier;
    private final List<Affine> convolutions = new ArrayList<>();
    private final Lstm lstm;
    private final Affine last;

    private SpeechDetector(NamedTensors weights) {
        fourier = weights.take("fourier.weight", 2 * BINS, 1, WINDOW)
                .reshape(2 * BINS, WINDOW)
                .requiresGradient();
        for (int k = 0; k < CHANNELS.length; k++) {
            int in = CHANNELS[k][0];
            int out = CHANNELS[k][1];
            String name = "convolution." + (k + 1);
            Tensor W = weights.take(name + ".weight", out, in, WIDTH); // channels go last, as in the rows they read
            convolutions.add(
                    new Affine(W.permute(0, 2, 1).reshape(out, WIDTH * in), weights.take(name + ".bias", out)));
        }
        int size = CHANNELS[CHANNELS.length - 1][1];
        lstm = GateOrder.PYTORCH.lstm(Map.of(
                "weight_ih_l0", weights.take("lstm.weight_ih_l0", 4 * size, size),
                "weight_hh_l0", weights.take("lstm.weight_hh_l0", 4 * size, size),
                "bias_ih_l0", weights.take("lstm.bias_ih_l0", 4 * size),
                "bias_hh_l0", weights.take("lstm.bias_hh_l0", 4 * size)));
        last = new Affine(weights.take("last.weight", 1, size, 1).reshape(1, size), weights.take("last.bias", 1));
        weights.requireNoneLeft();
    }

    /**
     * Reads {@code silero_vad_16k.safetensors}.
     *
     * @throws IllegalArgumentException when the file is damaged or of another network
     */
    public static SpeechDetector load(Path file) {
        NamedTensors weights = new NamedTensors(
                        "load: " + file, "those of Silero VAD for 16 kHz", SafeTensors.load(file))
                .renamed(NameTable.SILERO_VAD);
        return Tensor.withoutGradient(() -> new SpeechDetector(weights));
    }

    /** The LSTM inside; its input is what {@link Stream#heard} gives. */
    public Lstm lstm() {
        return lstm;
    }

    /** A stream from silence on. */
    public Stream stream() {
        return new Stream();
    }

    /**
     * The probability of speech in every frame of a recording; the last frame is filled up with zeros.
     *
     * @param samples of 16 kHz, -1..1
     * @throws IllegalArgumentException when a sample is NaN or infinite
     */
    public float[] probabilities(float... samples) {
        Stream stream = stream();
        float[] all = new float[(samples.length + FRAME - 1) / FRAME];
        for (int t = 0; t < all.length; t++) {
            int from = t * FRAME;
            all[t] = stream.next(Arrays.copyOfRange(samples, from, from + FRAME));
        }
        return all;
    }

    /**
     * A stretch of speech.
     *
     * @param begin its first sample
     * @param end the one after its last
     */
    public record Segment(int begin, int end) {}

    /**
     * Where speech is, by the settings of the package: it begins at p ≥ 0.5, ends where p stays below 0.35 for 100 ms,
     * lasts 250 ms at least, and gets 30 ms at both sides.
     *
     * @param samples how many there are; a segment ends there at the latest
     */
    public static List<Segment> segments(float[] probabilities, int samples) {
        int silence = RATE / 10;
        int shortest = RATE / 4;
        List<Segment> found = new ArrayList<>();
        int begin = -1;
        int quiet = -1;
        for (int t = 0; t < probabilities.length; t++) {
            int at = t * FRAME;
            float p = probabilities[t];
            if (p >= 0.5f) {
                quiet = -1;
                begin = begin < 0 ? at : begin;
            } else if (p < 0.35f && begin >= 0) {
                quiet = quiet < 0 ? at : quiet;
                if (at - quiet >= silence) {
                    if (quiet - begin > shortest) {
                        found.add(new Segment(begin, quiet));
                    }
                    begin = -1;
                    quiet = -1;
                }
            }
        }
        if (begin >= 0 && samples - begin > shortest) {
            found.add(new Segment(begin, samples));
        }
        return padded(found, samples);
    }

    private static List<Segment> padded(List<Segment> found, int samples) {
        int pad = RATE * 30 / 1000;
        List<Segment> all = new ArrayList<>();
        int begin = 0;
        for (int k = 0; k < found.size(); k++) {
            Segment s = found.get(k);
            begin = k == 0 ? Math.max(0, s.begin - pad) : begin;
            if (k == found.size() - 1) {
                all.add(new Segment(begin, Math.min(samples, s.end + pad)));
                break;
            }
            int next = found.get(k + 1).begin;
            int gap = next - s.end;
            boolean close = gap < 2 * pad; // then both share it
            all.add(new Segment(begin, close ? s.end + gap / 2 : Math.min(samples, s.end + pad)));
            begin = close ? Math.max(0, next - gap / 2) : Math.max(0, next - pad);
        }
        return all;
    }

    /** One recording, frame by frame; allocates nothing from the second frame on. Not for several threads at once. */
    public final class Stream {
        private final float[] samples = new float[KEPT + FRAME + KEPT];
        private final float[] waves = new float[4 * 2 * BINS];
        private final float[][] rows = new float[CHANNELS.length][];
        private final float[] heard = new float[128];
        private final float[] read = new float[128];
        private final float[] answer = new float[1];
        private final CellStream<Lstm.State> cell = lstm.stream(lstm.initial(1));

        private Stream() {
            int[] steps = {4, 4, 2, 1};
            for (int k = 0; k < rows.length; k++) {
                rows[k] = new float[(steps[k] + 2) * CHANNELS[k][0]]; // zeros before and after
            }
        }

        /**
         * The probability of speech in the next frame.
         *
         * @param frame {@value #FRAME} samples
         * @throws IllegalArgumentException when the frame is of another size or a sample is no number; the stream is
         *     then as it was
         */
        public float next(float[] frame) {
            if (frame.length != FRAME) {
                throw new IllegalArgumentException(
                        "speech: a frame of " + frame.length + " samples; it must have " + FRAME + ", 32 ms at 16 kHz");
            }
            int bad = Spectrum.firstNotFinite(frame);
            if (bad >= 0) {
                throw new IllegalArgumentException("speech: sample " + bad + " of the frame is " + frame[bad]);
            }
            Kernels kernels = Kernels.active();
            System.arraycopy(samples, FRAME, samples, 0, KEPT); // the last of the frame before
            System.arraycopy(frame, 0, samples, KEPT, FRAME);
            Spectrum.mirror(samples, KEPT + FRAME, KEPT);
            kernels.matmulPacked(4, samples, 0, HOP, Fused.packed(fourier, true), waves, 0, 2 * BINS);
            Spectrum.magnitudes(4, BINS, waves, rows[0], BINS);
            int steps = 4;
            for (int k = 0; k < rows.length; k++) {
                Affine f = convolutions.get(k);
                int in = CHANNELS[k][0];
                int out = CHANNELS[k][1];
                steps = (steps - 1) / STRIDES[k] + 1;
                boolean end = k + 1 == rows.length;
                float[] to = end ? heard : rows[k + 1];
                int at = end ? 0 : out; // after the row of zeros
                kernels.matmulPacked(
                        steps,
                        rows[k],
                        0,
                        STRIDES[k] * in,
                        Fused.packed(f.W(), true),
                        Fused.array(f.b()),
                        Fused.offset(f.b()),
                        0,
                        to,
                        at,
                        out);
                Rectifiers.active().relu(steps * out, to, at, to, at);
            }
            float[] h = cell.step(heard);
            Rectifiers.active().relu(h.length, h, 0, read, 0);
            last.into(read, answer);
            kernels.sigmoid(1, answer, 0, answer, 0);
            return answer[0];
        }

        /** What the convolutions made of the last frame, the input of the LSTM [128]. */
        public float[] heard() {
            return heard.clone();
        }

        /** h and c after the last frame. */
        public Lstm.State state() {
            return cell.state();
        }
    }
}
