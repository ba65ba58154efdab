#!/usr/bin/env bash
# fastText's predict(k=-1, threshold=0.0), "all labels", leaves labels out when it was trained with the hierarchical softmax.
#
# A good guess:  all labels of the model with their probabilities, which sum to 1, as with the plain softmax.
# What happens:  with loss="hs" the search through the tree gives up below 0.00001, whatever threshold was asked for; the
#                labels below are missing. With both losses the probabilities sum to more than 1: 0.00001 is added to each,
#                with the tree to each step.
# Versions:      fasttext-wheel 0.9.2, numpy 1.26.4, Python 3.11.7
# Why we met it: who compares a model's probabilities label by label, or averages those of several models, meets lists of
#                different lengths and ranks that depend on the loss.
# Carousel:      FastTextModel.classify gives every label that was asked for, without the addition; the order and the
#                probabilities above the limit are held to fastText's in FastTextTest.
#
# Output seen:
#   fastText 0.9.2
#   loss softmax: 6 labels in the model, 6 predicted, sum 1.00006
#   loss hs: 6 labels in the model, 4 predicted, sum 1.00006
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fasttext-wheel==0.9.2 numpy==1.26.4
cd "$folder"

venv/bin/python -W ignore - <<'PYTHON' 2>/dev/null
import sys
from importlib.metadata import version
import fasttext

print("fastText", version("fasttext-wheel"))
lines = ["the mill stands", "a walk ends", "old walkers rest", "the harbour opens", "rain falls far", "a miller mills"]
with open("text.txt", "w") as file:
    for label, line in zip("abcdef", lines):
        file.write(f"__label__{label} {line}\n")
counts = {}
sums = {}
for loss in ("softmax", "hs"):
    model = fasttext.train_supervised("text.txt", dim=5, minCount=1, epoch=500, lr=1.0, loss=loss, thread=1, verbose=0)
    labels, probabilities = model.predict("the mill stands", k=-1, threshold=0.0)
    counts[loss] = len(labels)
    sums[loss] = float(probabilities.sum())
    print(f"loss {loss}: {len(model.labels)} labels in the model, {counts[loss]} predicted, sum {sums[loss]:.5f}")
gone = []
if counts["softmax"] != 6:
    gone.append("the plain softmax does not give all labels")
if counts["hs"] == 6:
    gone.append("the hierarchical softmax gives all labels")
if not 1.00005 < sums["softmax"] < 1.00007:
    gone.append("the probabilities sum to 1")
if gone:
    print("No longer so: " + "; ".join(gone))
    sys.exit(1)
PYTHON
