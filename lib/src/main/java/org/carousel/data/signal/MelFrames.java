package org.carousel.data.signal;

import java.util.Arrays;

/**
 * Sound as frames: how much of each pitch there is in each short stretch, in decibels.
 *
 * <pre>
 * X_t[k] = Σ_n w[n] x[t·hop + n - N/2] e^(-2πi kn/N)          w a Hann window of {@code window} samples in the middle of N
 * m_t[j] = Σ_k M[j, k] |X_t[k]|²                              M triangles at equal distances on the mel scale
 * s_t[j] = 10 log10(max(10⁻¹⁰, m_t[j]))                       the log-mel frame
 * c_t[q] = √(2/J) Σ_j s_t[j] cos(π q (j + ½) / J)             MFCC; for q = 0 with √(1/J)
 * </pre>
 *
 * <p>The mel scale is Slaney's, linear below 1000 Hz and logarithmic above, the triangles have area 1 (divided by half their
 * width in Hz); beyond the ends the sound is 0, and frame t stands around sample t·hop, so that n samples give 1 + n/hop
 * frames. These are the choices of librosa 0.11: {@code melspectrogram}, {@code power_to_db(top_db=None)} and {@code mfcc}.
 *
 * <p>Sources: Davis, Mermelstein: Comparison of parametric representations for monosyllabic word recognition, IEEE TASSP 28,
 * 1980, doi:10.1109/TASSP.1980.1163420; the scale: Slaney, Auditory Toolbox, 1998.
 *
 * @param sampleRate of the sound
 * @param size N, a power of two
 * @param window samples under the window, 2..N
 * @param hop samples from frame to frame
 * @param bands J triangles between 0 and half the sample rate
 */
public record MelFrames(int sampleRate, int size, int window, int hop, int bands) {
    private static final double LINEAR = 200.0 / 3; // Hz for each mel below the break
    private static final double BREAK = 1000;
    private static final double STEP = StrictMath.log(6.4) / 27;

    /** Checks the ranges. */
    public MelFrames {
        if (sampleRate < 1 || Integer.bitCount(size) != 1 || size < 2 || window < 2 || window > size || hop < 1) {
            throw new IllegalArgumentException(
                    "mel frames: rate " + sampleRate + ", size " + size + ", window " + window
                            + ", hop " + hop + "; the size must be a power of two, the window 2.." + size
                            + ", the others 1 or more");
        }
        if (bands < 1 || bands > size / 2) {
            throw new IllegalArgumentException("mel frames: " + bands + " bands of " + (size / 2 + 1)
                    + " frequencies; 1.." + size / 2 + " are possible");
        }
    }

    /** For speech: windows of 25 ms every 10 ms, 40 bands. */
    public static MelFrames speech(int sampleRate) {
        int window = sampleRate / 40;
        return new MelFrames(
                sampleRate, Math.max(2, Integer.highestOneBit(2 * window - 1)), window, sampleRate / 100, 40);
    }

    /**
     * The log-mel frames of a recording [T×J].
     *
     * @throws IllegalArgumentException when its sample rate is another one
     */
    public double[][] logMel(Wav sound) {
        if (sound.sampleRate() != sampleRate) {
            throw new IllegalArgumentException(
                    "mel frames: a sound of " + sound.sampleRate() + " Hz for frames of " + sampleRate + " Hz");
        }
        return logMel(sound.values());
    }

    /** The log-mel frames of some samples [T×J]; of none there is one frame of silence. */
    public double[][] logMel(double... samples) {
        for (int n = 0; n < samples.length; n++) {
            if (!Double.isFinite(samples[n])) {
                throw new IllegalArgumentException("mel frames: sample " + n + " is " + samples[n]);
            }
        }
        double[][] triangles = triangles();
        double[] hann = hann();
        double[] cos = new double[size / 2];
        double[] sin = new double[size / 2];
        for (int k = 0; k < size / 2; k++) {
            cos[k] = StrictMath.cos(2 * Math.PI * k / size);
            sin[k] = -StrictMath.sin(2 * Math.PI * k / size);
        }
        double[][] frames = new double[1 + samples.length / hop][bands];
        double[] re = new double[size];
        double[] im = new double[size];
        for (int t = 0; t < frames.length; t++) {
            for (int n = 0; n < size; n++) {
                int at = t * hop + n - size / 2;
                re[n] = at >= 0 && at < samples.length ? hann[n] * samples[at] : 0;
            }
            Arrays.fill(im, 0);
            transform(re, im, cos, sin);
            for (int j = 0; j < bands; j++) {
                double power = 0;
                for (int k = 0; k <= size / 2; k++) {
                    power += triangles[j][k] * (re[k] * re[k] + im[k] * im[k]);
                }
                frames[t][j] = 10 * StrictMath.log10(Math.max(1e-10, power));
            }
        }
        return frames;
    }

    /**
     * The first {@code count} cosine coefficients of every log-mel frame [T×count].
     *
     * @param count 1..J
     */
    public double[][] mfcc(double[][] logMel, int count) {
        if (count < 1 || count > bands) {
            throw new IllegalArgumentException("mfcc: " + count + " coefficients of " + bands + " bands");
        }
        double[][] all = new double[logMel.length][count];
        for (int q = 0; q < count; q++) {
            double scale = Math.sqrt((q == 0 ? 1.0 : 2.0) / bands);
            for (int j = 0; j < bands; j++) {
                double c = scale * StrictMath.cos(Math.PI * q * (j + 0.5) / bands);
                for (int t = 0; t < all.length; t++) {
                    all[t][q] += c * logMel[t][j];
                }
            }
        }
        return all;
    }

    private double[] hann() { // periodic, in the middle of the frame
        double[] w = new double[size];
        int before = (size - window) / 2;
        for (int n = 0; n < window; n++) {
            w[before + n] = 0.5 - 0.5 * StrictMath.cos(2 * Math.PI * n / window);
        }
        return w;
    }

    /** The triangles M [J×(N/2+1)]. */
    private double[][] triangles() {
        double[] hertz = new double[bands + 2]; // left foot, peak and right foot of neighbours overlap
        double top = mel(sampleRate / 2.0);
        for (int j = 0; j < hertz.length; j++) {
            hertz[j] = hertz(top * j / (bands + 1));
        }
        double[][] all = new double[bands][size / 2 + 1];
        for (int j = 0; j < bands; j++) {
            for (int k = 0; k <= size / 2; k++) {
                double f = (double) k * sampleRate / size;
                double up = (f - hertz[j]) / (hertz[j + 1] - hertz[j]);
                double down = (hertz[j + 2] - f) / (hertz[j + 2] - hertz[j + 1]);
                all[j][k] = Math.max(0, Math.min(up, down)) * 2 / (hertz[j + 2] - hertz[j]);
            }
        }
        return all;
    }

    private static double mel(double hertz) {
        return hertz < BREAK ? hertz / LINEAR : BREAK / LINEAR + StrictMath.log(hertz / BREAK) / STEP;
    }

    private static double hertz(double mel) {
        double at = BREAK / LINEAR;
        return mel < at ? mel * LINEAR : BREAK * StrictMath.exp(STEP * (mel - at));
    }

    /** The discrete Fourier transform in place (Cooley, Tukey 1965, radix 2). Modified: {@code re}, {@code im}. */
    private static void transform(double[] re, double[] im, double[] cos, double[] sin) {
        int n = re.length;
        for (int i = 1, j = 0; i < n; i++) { // bits reversed
            int bit = n >> 1;
            for (; (j & bit) != 0; bit >>= 1) {
                j ^= bit;
            }
            j ^= bit;
            if (i < j) {
                double swap = re[i];
                re[i] = re[j];
                re[j] = swap;
                swap = im[i];
                im[i] = im[j];
                im[j] = swap;
            }
        }
        for (int half = 1; half < n; half *= 2) {
            int stride = n / (2 * half);
            for (int from = 0; from < n; from += 2 * half) {
                for (int k = 0; k < half; k++) {
                    int a = from + k;
                    int b = a + half;
                    double c = cos[k * stride];
                    double s = sin[k * stride];
                    double tr = re[b] * c - im[b] * s;
                    double ti = re[b] * s + im[b] * c;
                    re[b] = re[a] - tr;
                    im[b] = im[a] - ti;
                    re[a] += tr;
                    im[a] += ti;
                }
            }
        }
    }
}
