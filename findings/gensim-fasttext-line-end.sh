#!/usr/bin/env bash
# gensim gives the end of a line, a word of nearly every fastText model, another vector than fastText does.
#
# A good guess:  load_facebook_vectors hands out what fastText's get_word_vector hands out, for every word of the model.
# What happens:  so it does, but for </s>, which fastText puts into the dictionary for the ends of lines. fastText takes
#                no n-grams of it, gensim does, and averages their rows into its vector.
# Versions:      fasttext-wheel 0.9.2, gensim 4.4.0, numpy 1.26.4, Python 3.11.7
# Why we met it: neighbours and averages over all words of a model hold </s>; who computes them in Python with gensim and
#                in Java compares two different vectors.
# Carousel:      FastTextModel gives </s> its own row alone, as fastText does, held to fastText's numbers in FastTextTest.
#
# Output seen:
#   fastText 0.9.2, gensim 4.4.0
#   15 words, the largest difference of all but </s>: below 0.000001
#   </s> is number 3
#     fastText [0.206, 0.008, 0.33]
#     gensim   [0.02, 0.001, 0.033]
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fasttext-wheel==0.9.2 gensim==4.4.0 numpy==1.26.4
cd "$folder"

venv/bin/python -W ignore - <<'PYTHON'
import sys
from importlib.metadata import version
import fasttext
import gensim
import numpy as np

print(f"fastText {version('fasttext-wheel')}, gensim {gensim.__version__}")
with open("text.txt", "w") as file:
    file.write("the mill stands past the harbour\na walk from the mill ends here\nwalkers rest in the old mill\n")
model = fasttext.train_unsupervised(
    "text.txt", dim=3, minCount=1, epoch=50, lr=0.5, bucket=40, minn=2, maxn=3, thread=1, verbose=0)
model.save_model("model.bin")

theirs = fasttext.load_model("model.bin")
vectors = gensim.models.fasttext.load_facebook_vectors("model.bin")
words = theirs.get_words()
apart = {w: float(np.abs(theirs.get_word_vector(w) - vectors[w]).max()) for w in words}
largest = max(d for w, d in apart.items() if w != "</s>")
print(f"{len(words)} words, the largest difference of all but </s>:", "below 0.000001" if largest < 1e-6 else largest)
print("</s> is number", words.index("</s>") + 1)
print("  fastText", [round(float(v), 3) for v in theirs.get_word_vector("</s>")])
print("  gensim  ", [round(float(v), 3) for v in vectors["</s>"]])
gone = []
if largest >= 1e-6:
    gone.append("other words differ, too")
if apart["</s>"] < 1e-3:
    gone.append("</s> has the same vector in both")
if gone:
    sys.exit("No longer so: " + "; ".join(gone))
PYTHON
