"""Golden log-mel frames and MFCC from librosa, in float64.

    pip install librosa==0.11.0
    python mel.py

writes mel.txt: a line per case with rate, size, window, hop, bands, samples, frames; then a line per frame: J log-mel values
and 13 MFCC. The sound is made by a formula that the test repeats, so that no recording is needed.
"""

import os

import librosa
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
COUNT = 13


def sound(samples, rate):
    """Two tones that rise, a click, and silence at the end; 16-bit, as a WAV would hold it."""
    t = np.arange(samples) / rate
    y = 0.4 * np.sin(2 * np.pi * (200 * t + 900 * t * t)) + 0.2 * np.sin(2 * np.pi * 1310 * t)
    y[samples // 3] += 0.35
    y[4 * samples // 5 :] = 0
    return np.rint(y * 32767) / 32768


lines = []
for rate, size, window, hop, bands, samples in [
    (8000, 256, 200, 80, 40, 1603),
    (16000, 512, 400, 160, 80, 3000),
    (8000, 256, 256, 128, 20, 1024),
]:
    y = sound(samples, rate)
    mel = librosa.feature.melspectrogram(
        y=y, sr=rate, n_fft=size, win_length=window, hop_length=hop, n_mels=bands, dtype=np.float64
    )
    db = librosa.power_to_db(mel, ref=1.0, amin=1e-10, top_db=None)
    mfcc = librosa.feature.mfcc(S=db, n_mfcc=COUNT)
    lines.append(" ".join(map(str, [rate, size, window, hop, bands, samples, db.shape[1]])))
    for t in range(db.shape[1]):
        lines.append(" ".join(f"{v:.9g}" for v in np.concatenate([db[:, t], mfcc[:, t]])))
with open(os.path.join(HERE, "mel.txt"), "w", encoding="utf-8") as out:
    out.write(f"# librosa {librosa.__version__}, numpy {np.__version__}; made by mel.py\n")
    out.write("\n".join(lines) + "\n")
