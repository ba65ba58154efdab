"""Files of word vectors as gensim and NumPy write them, gensim's answers to questions, and a check of files of ours.

Run once:  python3 vectors.py   with gensim 4 installed. Writes vectors/gensim.* and vectors/answers.txt; then loads
vectors/carousel.*, which the Java test compares with what the library writes, and fails when gensim or NumPy reads
anything but the same vectors.
"""

import pathlib

import numpy as np
from gensim.models import KeyedVectors

FOLDER = pathlib.Path(__file__).parent / "vectors"
WORDS = ["the", "café", "naïve", "東京", "new_york", "x", "1914", "don't", "\u00a0nbsp", "λόγος"]
D = 6


def matrix():
    """Numbers that Java makes as well: small fractions, some scaled to be hard to print."""
    values = np.array([[(7 * i + 13 * j + i * j * j) % 17 - 8 for j in range(D)] for i in range(len(WORDS))], np.float32)
    values[1] *= np.float32(1e-8)
    values[2] *= np.float32(0.1)
    values[3] /= np.float32(3)
    values[4] *= np.float32(1e15)
    return values


def write(vectors):
    vectors.save_word2vec_format(FOLDER / "gensim.txt", binary=False)
    vectors.save_word2vec_format(FOLDER / "gensim.bin", binary=True)
    vectors.save_word2vec_format(FOLDER / "gensim.glove", binary=False, write_header=False)
    np.save(FOLDER / "numpy.npy", vectors.vectors)
    np.save(FOLDER / "numpy64.npy", np.asfortranarray(vectors.vectors.astype(">f8")))
    for name in ["numpy.words", "numpy64.words"]:
        (FOLDER / name).write_text("".join(w + "\n" for w in WORDS), encoding="utf-8")
    # fastText ends every line with a space
    first, *lines = (FOLDER / "gensim.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    (FOLDER / "fasttext.vec").write_text("\n".join([first] + [line + " " for line in lines]) + "\n", encoding="utf-8")


def answers(vectors):
    lines = []
    for w in WORDS:
        lines.append(f"nearest {w} = " + " ".join(f"{n} {s:.6f}" for n, s in vectors.most_similar(w, topn=4)))
    for a, b, c in zip(WORDS, WORDS[3:], WORDS[5:]):
        found = vectors.most_similar(positive=[b, c], negative=[a], topn=3)
        lines.append(f"analogy {a} {b} {c} = " + " ".join(f"{n} {s:.6f}" for n, s in found))
    for k in range(len(WORDS) - 4):
        group = WORDS[k : k + 5]
        lines.append("outlier " + " ".join(group) + " = " + vectors.doesnt_match(group))
    (FOLDER / "answers.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def check(vectors):
    loaded = [
        KeyedVectors.load_word2vec_format(FOLDER / "carousel.txt", binary=False),
        KeyedVectors.load_word2vec_format(FOLDER / "carousel.bin", binary=True),
        KeyedVectors.load_word2vec_format(FOLDER / "carousel.glove", binary=False, no_header=True),
    ]
    for other in loaded:
        assert other.index_to_key == WORDS, other.index_to_key
        assert (other.vectors == vectors.vectors).all()
    assert (np.load(FOLDER / "carousel.npy") == vectors.vectors).all()
    print("gensim and NumPy read carousel.* as they should")


vectors = KeyedVectors(D)
vectors.add_vectors(WORDS, matrix())
write(vectors)
answers(vectors)
check(vectors)
