"""Models as fastText and gensim write them, with fastText's own answers.

Run once:  python3 fasttext_models.py   with fasttext-wheel 0.9.2, numpy 1 and gensim 4 installed. Writes
fasttext/NAME.bin or .ftz and NAME.txt, whose lines are a question and its answer, with tabulators between all fields:

    words     all words of the dictionary, those that are not UTF-8 as Python's backslashreplace shows them
    labels    all labels
    vector    a word, and the numbers of its vector, nine digits, from which the same float32 is read again
    nearest   a word, and its neighbours, each with its cosine
    predict   a line, and the labels in order, each with its probability

The model of gensim is asked through fastText, which reads it. The answers of version11 are those of softmax.bin with
its version set to 11: fastText then takes no n-grams of characters, whatever the file says.
"""

import pathlib
import random
import struct
import tempfile

import fasttext
import gensim
import numpy as np

FOLDER = pathlib.Path(__file__).parent / "fasttext"
LINES = """the Straße runs past the old mill to the harbour
a naïve walker takes the Straße to the mill
日本 and the harbour lie at the end of the walk
the walker walks and the miller mills
an old café stands past the harbour where walkers rest
日本 is far and the café is near
the mill is old and the miller is older
a walk to the café ends the day 🙂
the naïve miller rests at the café 🙂""".splitlines()
UNSEEN = ["Straßen", "naïveté", "日本語", "walking", "mil", "é", "x", "🙂🙂", "ab", "<", "", "</s>", "caf\\xe9"]
LABELLED = [f"__label__{label} {line}" for label, line in zip("abcabdefa", LINES)]
ASKED = ["the walker", "a naïve Straße", "日本 🙂", "nothing known", "the\told  mill", ""]
ASKED += ["the __label__a mill", "the __label__unseen mill", "x </s> mill"]


def floats(values):
    return [f"{v:.9g}" for v in values]


def vector(model, word):
    return floats(model.get_word_vector(word))


def neighbours(model, word):
    return model.get_nearest_neighbors(word, 5, "backslashreplace")


def write(name, model, lines=(), nearest=(), more=()):
    words = [w for w in model.get_words(on_unicode_error="backslashreplace")]
    rows = [["words", *words], ["labels", *(model.labels if lines else [])], *more]
    for word in dict.fromkeys(words[:40] + UNSEEN):
        if "\\" not in word and not word.startswith("__label__"):
            rows.append(["vector", word, *vector(model, word)])
    for word in nearest:
        rows.append(["nearest", word] + [x for c, n in neighbours(model, word) for x in (n, f"{c:.7f}")])
    for line in lines:
        found = model.f.predict(line + "\n", 8, 0.0, "strict")
        rows.append(["predict", line.replace("\t", " ")] + [x for p, label in found for x in (label, f"{p:.9g}")])
    (FOLDER / f"{name}.txt").write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


def train(name, lines, suffix="bin", supervised=False, quantized=None, **kwargs):
    with tempfile.TemporaryDirectory() as folder:
        text = pathlib.Path(folder) / "text.txt"
        text.write_bytes(b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines))
        kwargs = dict(dim=5, minCount=1, epoch=200, lr=0.5, thread=1, verbose=0) | kwargs
        model = (fasttext.train_supervised if supervised else fasttext.train_unsupervised)(str(text), **kwargs)
        if quantized is not None:
            model.quantize(**quantized)
        model.save_model(str(FOLDER / f"{name}.{suffix}"))
        return fasttext.load_model(str(FOLDER / f"{name}.{suffix}"))


def raw(model, word):
    """The vector of a word that is not UTF-8, by its bytes."""
    found = fasttext.FastText.fasttext.Vector(model.get_dimension())
    model.f.getWordVector(found, word)
    return ["vector", word.decode(errors="backslashreplace"), *floats(np.array(found))]


def version11():
    content = bytearray((FOLDER / "softmax.bin").read_bytes())
    content[4:8] = struct.pack("<i", 11)
    with tempfile.NamedTemporaryFile(suffix=".bin") as file:
        file.write(content)
        file.flush()
        write("version11", fasttext.load_model(file.name), ASKED)


FOLDER.mkdir(exist_ok=True)
fasttext.FastText.eprint = lambda message: None
near = ["mill", "miller", "café", "walking", "日本語"]
skip = train("skipgram", LINES + [b"the caf\xe9 again"], model="skipgram", bucket=50, minn=2, maxn=4)
write("skipgram", skip, nearest=near, more=[raw(skip, b"caf\xe9")])
write("cbow", train("cbow", LINES, model="cbow", loss="hs", bucket=30, minn=1, maxn=3), nearest=near)
write("plain", train("plain", LINES, model="cbow", minn=0, maxn=0), nearest=near[:3])
write("softmax", train("softmax", LABELLED, supervised=True, bucket=40, minn=2, maxn=3, wordNgrams=3), ASKED)
version11()
write("hs", train("hs", LABELLED, supervised=True, loss="hs"), ASKED)
write("ova", train("ova", LABELLED, supervised=True, loss="ova", wordNgrams=2, bucket=20), ASKED)

pruned = dict(cutoff=270, qnorm=True, dsub=2)
many = dict(supervised=True, bucket=400, minn=2, maxn=4, wordNgrams=2)
write("pruned", train("pruned", LABELLED, "ftz", quantized=pruned, **many), ASKED)
random.seed(3)
numbered = [f"__label__{k} " + " ".join(random.choice("abcdefgh") for _ in range(3)) for k in range(260)]
qout = dict(supervised=True, dim=3, bucket=300, wordNgrams=2)
write("qout", train("qout", numbered, "ftz", quantized=dict(qout=True, dsub=3), **qout), ["a b c", "h a", "g g g"])

other = gensim.models.FastText(
    [line.split() for line in LINES], vector_size=5, min_count=1, epochs=5, bucket=30, min_n=3, max_n=5, workers=1
)
gensim.models.fasttext.save_facebook_model(other, str(FOLDER / "gensim.bin"))
write("gensim", fasttext.load_model(str(FOLDER / "gensim.bin")), nearest=near)
