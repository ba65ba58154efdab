#!/usr/bin/env bash
# gensim keeps an empty row, under the word None, for a word that stands twice in a file of vectors.
#
# A good guess:  the second line of the word is dropped, as the warning "ignoring all but first" says, and the table
#                has one row less.
# What happens:  the row stays. Its word is None and its vector is zero; asking for neighbours gives (None, nan). Saving
#                counts the empty row in the first line of the file and does not write it, so gensim cannot read what
#                it saved: EOFError, as text and as binary.
# Versions:      gensim 4.4.0, numpy 2.4.6, Python 3.11.7
# Why we met it: word vectors come in files that other programs wrote, and nothing in the format keeps a word from
#                standing there twice. Who loads one file with gensim and with Carousel gets a table from
#                one and an error from the other.
# Carousel:      refuses the file and names both places: "line 4: the word 'red' comes a second time; it stands on line
#                2 already".
#
# Output seen:
#   gensim 4.4.0
#   words: ['red', 'green', None]
#   vectors: [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
#   neighbours of red: [('green', 0.0), (None, nan)]
#   saved, text - first line: b'3 2\n'
#     read again: EOFError: unexpected end of input; is count incorrect or file otherwise damaged?
#   saved, binary - first line: b'3 2\n'
#     read again: EOFError: unexpected end of input; is count incorrect or file otherwise damaged?
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check gensim==4.4.0 numpy==2.4.6
cd "$folder"

venv/bin/python -W ignore - <<'PYTHON'
import sys
import gensim
from gensim.models import KeyedVectors

print("gensim", gensim.__version__)
with open("three.txt", "w") as file:
    file.write("3 2\nred 1 0\ngreen 0 1\nred 0.5 0.5\n")

vectors = KeyedVectors.load_word2vec_format("three.txt")
print("words:", vectors.index_to_key)
print("vectors:", vectors.vectors.tolist())
neighbours = vectors.most_similar("red")
print("neighbours of red:", neighbours)
gone = []
if vectors.index_to_key != ["red", "green", None]:
    gone.append("the table has no word None")
if neighbours[-1][0] is not None:
    gone.append("None is no neighbour")

for binary in (False, True):
    vectors.save_word2vec_format("again", binary=binary)
    with open("again", "rb") as file:
        print("saved, binary" if binary else "saved, text", "- first line:", file.readline())
    try:
        KeyedVectors.load_word2vec_format("again", binary=binary)
        gone.append(f"the saved file can be read (binary={binary})")
    except EOFError as error:
        print("  read again: EOFError:", error)

if gone:
    sys.exit("No longer so: " + "; ".join(gone))
PYTHON
