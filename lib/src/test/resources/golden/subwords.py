"""Golden merges and encodings of subwords.

Run once:  python3 subwords.py   with HuggingFace tokenizers (0.20 or newer) installed. Reads subwords/text.txt and
unseen.txt; writes subwords/bpe.txt and subwords/wordpiece.txt: the vocabulary, the merges, and for every line of both
texts the indices that tokenizers gives.

The merges are learned here by counting everything anew for each of them (tokenizers breaks ties by other rules, and its
trainer for WordPiece counts like byte-pair encoding). Pieces are written as JSON, because they hold blanks.
"""

import json
import pathlib
from collections import Counter

from tokenizers import Tokenizer, models

FOLDER = pathlib.Path(__file__).parent / "subwords"
SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
TEXT = (FOLDER / "text.txt").read_text("utf-8")
LINES = TEXT.splitlines() + (FOLDER / "unseen.txt").read_text("utf-8").splitlines()


def letters(word, wordpiece):
    return [word[0]] + ["##" + c for c in word[1:]] if wordpiece else list(word) + [" "]


def join(a, b, wordpiece):
    return a + (b[2:] if wordpiece else b)


def allowed(a, b, wordpiece):
    name = join(a, b, wordpiece)
    return name not in SPECIALS and not (wordpiece and name.startswith("##") and not a.startswith("##"))


def learn(size, wordpiece):
    words = [(letters(word, wordpiece), n) for word, n in Counter(TEXT.split()).items()]
    names = SPECIALS + sorted({c for word, _ in words for c in word})
    merges = []
    while len(names) < size:
        single, pairs = Counter(), Counter()  # in the order of first appearance, which max respects
        for word, n in words:
            for c in word:
                single[c] += n
            for a, b in zip(word, word[1:]):
                pairs[a, b] += n
        pairs = {p: n for p, n in pairs.items() if allowed(*p, wordpiece)}
        if not pairs:
            break
        a, b = max(pairs, key=lambda p: pairs[p] / (single[p[0]] * single[p[1]]) if wordpiece else pairs[p])
        merges.append((a, b))
        joined = join(a, b, wordpiece)
        if joined not in names:
            names.append(joined)
        for word, _ in words:
            i = 0
            while i < len(word) - 1:
                if word[i] == a and word[i + 1] == b:
                    word[i : i + 2] = [joined]
                i += 1
    return names, merges


def write(name, size, wordpiece):
    names, merges = learn(size, wordpiece)
    vocab = {piece: index for index, piece in enumerate(names)}
    if wordpiece:
        peer = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]", max_input_chars_per_word=100))
    else:
        peer = Tokenizer(models.BPE(vocab, merges, unk_token="[UNK]"))
    with open(FOLDER / (name + ".txt"), "w", encoding="utf-8") as out:
        for piece in names[len(SPECIALS) :]:
            print("piece", json.dumps(piece, ensure_ascii=False), sep="\t", file=out)
        for a, b in merges:
            print("merge", json.dumps(a, ensure_ascii=False), json.dumps(b, ensure_ascii=False), sep="\t", file=out)
        for line in LINES:
            ids = []
            for word in line.split():
                if word.startswith("##") or word in SPECIALS:
                    continue  # tokenizers takes these for pieces; the test leaves them out, too
                ids += peer.encode(word if wordpiece else word + " ").ids
            print("ids", *ids, sep="\t", file=out)


write("bpe", 160, False)
write("wordpiece", 220, True)
