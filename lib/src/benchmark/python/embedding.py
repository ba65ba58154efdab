"""Word vectors with gensim: python embedding.py sg|cbow|subwords THREADS FILE [EPOCHS [VECTORS]]

Prints a line: algorithm, threads, words per second, words per second of processor time, peak memory in MB. EPOCHS (1) of
dimension 100, window 5, 5 negatives, minimum count 5, sample 0.001; counting the words is not part of the time, nor is
the first of several epochs. VECTORS, if given, is where the vectors go in word2vec's binary format. gensim must be built
with BLAS (pip's is).
"""

import resource
import sys
import time

import gensim


class FirstEpoch(gensim.models.callbacks.CallbackAny2Vec):
    """When the first epoch ended."""

    begin = None

    def on_epoch_end(self, model):
        if self.begin is None:
            self.begin = time.process_time(), time.perf_counter()


def main(algorithm, threads, file, epochs=1, vectors=None):
    options = dict(vector_size=100, window=5, negative=5, min_count=5, sample=1e-3, workers=int(threads), seed=1)
    if algorithm == "subwords":
        model = gensim.models.FastText(sg=1, alpha=0.025, bucket=200_000, **options)
    else:
        model = gensim.models.Word2Vec(sg=int(algorithm == "sg"), alpha=0.025 if algorithm == "sg" else 0.05, **options)
    model.build_vocab(corpus_file=file)
    processor, wall = time.process_time(), time.perf_counter()
    epochs, first = int(epochs), FirstEpoch()
    model.train(
        corpus_file=file,
        total_words=model.corpus_total_words,
        total_examples=model.corpus_count,
        epochs=epochs,
        callbacks=[first],
    )
    end = time.process_time(), time.perf_counter()
    if epochs > 1:
        processor, wall = first.begin
        epochs -= 1
    processor, wall = end[0] - processor, end[1] - wall
    words = model.corpus_total_words * epochs
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{algorithm},{threads},{words / wall:.0f},{words / processor:.0f},{memory}")
    if vectors:
        model.wv.save_word2vec_format(vectors, binary=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
