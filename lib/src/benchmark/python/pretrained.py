"""The workloads of PretrainedComparison by the packages the networks come from, on one thread.

python pretrained.py WHAT DATA FOLDER PEER, WHAT one of sentences, search, speech, words, tokens; PEER "prepare" makes what the
others need. Packages: torch 2.15.0, transformers 5.24.0, onnx 1.23.2, onnxruntime 1.32.0, silero-vad 6.2.3, g2p-en 2.1.0,
tokenizers 0.23.3. Prints "name,per second", and "peak MB".
"""

import json
import os
import pathlib
import struct
import sys
import time
import zlib

os.environ |= {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false",
               "RAYON_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
import numpy as np  # noqa: E402

WHAT, DATA, FOLDER, PEER = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), sys.argv[4]
SECONDS = 1.5
SHAPES = [(16, 1), (64, 1), (256, 1), (16, 32), (64, 32), (256, 32)]


def per_second(call):
    begin = time.perf_counter()
    while True:
        call()
        if time.perf_counter() - begin > SECONDS:
            break
    times, begin = [], time.perf_counter()
    while not times or time.perf_counter() - begin < SECONDS:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1 / sorted(times)[len(times) // 2]


def session(file):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    print(f"onnxruntime {onnxruntime.__version__}")
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def sentence_model():
    import torch
    import transformers

    torch.set_num_threads(1)
    bert = transformers.BertModel.from_pretrained(DATA / "minilm-l6").eval()

    class Sentences(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.bert = bert

        def forward(self, ids, mask):
            h = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
            w = mask.unsqueeze(-1).float()
            return torch.nn.functional.normalize((h * w).sum(1) / w.sum(1), dim=1)

    return torch, transformers, Sentences()


def sentences():
    file = FOLDER / "minilm.onnx"
    if PEER == "prepare":
        torch, _, model = sentence_model()
        x = torch.ones(2, 8, dtype=torch.long)
        axes = {"ids": {0: "b", 1: "t"}, "mask": {0: "b", 1: "t"}}
        torch.onnx.export(model, (x, x), file, input_names=["ids", "mask"], output_names=["v"], dynamic_axes=axes,
                          opset_version=17, dynamo=False)
        return
    if PEER == "torch":
        torch, transformers, model = sentence_model()
        print(f"torch {torch.__version__} transformers {transformers.__version__}")
    else:
        run = session(file)
    for length, batch in SHAPES:
        ids = 1000 + (np.arange(batch)[:, None] * 7919 + np.arange(length)[None] * 104729) % 29000
        mask = np.ones_like(ids)
        if PEER == "torch":
            a, b = torch.from_numpy(ids), torch.from_numpy(mask)
            with torch.inference_mode():
                rate = per_second(lambda: model(a, b))
        else:
            rate = per_second(lambda: run.run(None, {"ids": ids, "mask": mask}))
        print(f"length {length} batch {batch},{rate * batch:.3f}")


def search():
    import zipfile

    if PEER == "prepare":
        lines = zipfile.ZipFile(DATA / "tatoeba-fra-eng/fra-eng.zip").read("fra.txt").decode().splitlines()
        texts = list(dict.fromkeys(line.split("\t")[0] for line in lines))
        texts = [t for t in texts if len(t) > 30][:10_000]
        (FOLDER / "shelf.txt").write_text("\n".join(texts) + "\n")
        return
    torch, transformers, model = sentence_model()
    print(f"torch {torch.__version__} transformers {transformers.__version__}")
    tokenizer = transformers.BertTokenizerFast(str(DATA / "minilm-l6/vocab.txt"))
    shelf = (FOLDER / "shelf.txt").read_text().splitlines()

    def encode(texts):  # in batches of about one length, as ours
        order = sorted(range(len(texts)), key=lambda k: len(texts[k]))
        found = torch.empty(len(texts), 384)
        for k in range(0, len(order), 32):
            some = order[k : k + 32]
            t = tokenizer([texts[i] for i in some], padding=True, return_tensors="pt")
            found[some] = model(t["input_ids"], t["attention_mask"])
        return found

    with torch.inference_mode():
        encode(shelf[:1000])
        begin = time.perf_counter()
        vectors = encode(shelf)
        print(f"sentences of the shelf,{len(shelf) / (time.perf_counter() - begin):.1f}")
        queries = ["I have no money.", "The dog barks.", "She will get married."]
        for query in queries:
            print(query, (vectors @ encode([query])[0]).topk(3).indices.tolist())
        rate = per_second(lambda: [vectors @ encode([query])[0] for query in queries])
        print(f"queries,{len(queries) * rate:.1f}")


def speech():
    import silero_vad

    if PEER == "prepare":
        return
    run = session(pathlib.Path(silero_vad.__file__).parent / "data" / "silero_vad_16k_op15.onnx")
    wav = np.frombuffer((DATA / "silero-vad/test.wav").read_bytes()[44:], "<i2").astype(np.float32) / 32768
    frames = wav[: len(wav) // 512 * 512].reshape(-1, 1, 512)
    rate = np.array(16000, dtype=np.int64)

    def all_frames():
        state, context = np.zeros((2, 1, 128), np.float32), np.zeros((1, 64), np.float32)
        for frame in frames:
            x = np.concatenate([context, frame], axis=1)
            _, state = run.run(None, {"input": x, "state": state, "sr": rate})
            context = x[:, -64:]

    print(f"frames,{per_second(all_frames) * len(frames):.1f}")


def words():
    if PEER == "prepare":
        lines = (DATA / "cmudict-g2p/cmudict.dict").read_text(encoding="latin-1").splitlines()
        plain = sorted({w for line in lines if (w := line.split(" ")[0]).isascii() and w.isalpha() and w.islower()})
        chosen = np.random.default_rng(24).choice(len(plain), 5000, replace=False)
        (FOLDER / "words.txt").write_text("\n".join(plain[k] for k in chosen) + "\n")
        return
    import nltk.data

    real = nltk.data.find  # the package looks for a tagger and CMUdict when it is imported; its network needs neither
    nltk.data.find = lambda *a, **k: None
    from g2p_en import g2p as module

    nltk.data.find = real
    g2p = module.G2p.__new__(module.G2p)
    g2p.graphemes = ["<pad>", "<unk>", "</s>"] + list("abcdefghijklmnopqrstuvwxyz")
    g2p.phonemes = SOUNDS
    g2p.g2idx = {g: k for k, g in enumerate(g2p.graphemes)}
    g2p.idx2g = dict(enumerate(g2p.graphemes))
    g2p.p2idx = {p: k for k, p in enumerate(g2p.phonemes)}
    g2p.idx2p = dict(enumerate(g2p.phonemes))
    g2p.load_variables()
    all_words = (FOLDER / "words.txt").read_text().split()
    spoken = "".join(" ".join(g2p.predict(w)) + "\n" for w in all_words)
    print(f"crc of {len(all_words)} words: {zlib.crc32(spoken.encode()):08x}")
    some = all_words[:500]
    print(f"words,{500 * per_second(lambda: [g2p.predict(w) for w in some]):.1f}")


SOUNDS = ["<pad>", "<unk>", "<s>", "</s>"] + (
    "AA0 AA1 AA2 AE0 AE1 AE2 AH0 AH1 AH2 AO0 AO1 AO2 AW0 AW1 AW2 AY0 AY1 AY2 B CH D DH EH0 EH1 EH2 ER0 ER1 ER2 EY0 EY1 EY2 F G "
    "HH IH0 IH1 IH2 IY0 IY1 IY2 JH K L M N NG OW0 OW1 OW2 OY0 OY1 OY2 P R S SH T TH UH0 UH1 UH2 UW UW0 UW1 UW2 V W Y Z ZH"
).split()


def tokens():
    file = FOLDER / "lines.jsonl"
    if PEER == "prepare":
        texts = mixed()
        file.write_text("".join(json.dumps(t) + "\n" for t in texts))
        return
    import tokenizers
    from tokenizers import Tokenizer
    from tokenizers.implementations import ByteLevelBPETokenizer

    print(f"tokenizers {tokenizers.__version__}")
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    bert = Tokenizer.from_file(str(DATA / "minilm-l6/tokenizer.json"))
    bert.no_truncation()
    bert.no_padding()
    gpt = ByteLevelBPETokenizer(str(DATA / "gpt2/encoder.json"), str(DATA / "gpt2/vocab.bpe"))
    for name, t in (("wordpiece", bert), ("byte-level", gpt)):
        crc = 0
        for line in lines:
            e, at = t.encode(line), [0]
            for c in line:
                at.append(at[-1] + (2 if ord(c) > 0xFFFF else 1))
            crc = zlib.crc32(b"".join(struct.pack(">iii", i, at[a], at[b]) for i, (a, b) in zip(e.ids, e.offsets)), crc)
        print(f"{name}: crc of {len(lines)} lines: {crc:08x}")
        print(f"{name} lines,{len(lines) * per_second(lambda: t.encode_batch(lines)):.1f}")


def mixed():
    """Lines of the data sets, and one in four of them with something rare put in."""
    import zipfile

    random = np.random.default_rng(24)
    texts = zipfile.ZipFile(DATA / "tatoeba-fra-eng/fra-eng.zip").read("fra.txt").decode().splitlines()
    texts = [part for line in texts for part in line.split("\t")[:2]]
    texts = [texts[k] for k in random.choice(len(texts), 60_000, replace=False)]
    texts += (DATA / "tiny-shakespeare/input.txt").read_text().splitlines()
    texts += [w for w in (DATA / "ud-ewt/ewt-train.tsv").read_text().split("\n")]
    texts = texts[:100_000]
    rare = ["中文汉字测试", "我们", "日本語です", "𠀀𪜀", "😀", "👍🏽", "👩‍👩‍👧", "🇫🇷", "e\u0301", "n\u0303", "é", "Å", "\u0000", "\u0007", "\t", "\u200b",
            "\u00ad", "\u2028", "\u00a0", "\u3000", "�", "İ", "ﬁ", "½", "٣", "Ω", "мир", "שלום", "한국어", "I'LL", "don't", "###", "  ", "\r\n"]
    for k in range(0, len(texts), 4):
        at = int(random.integers(0, len(texts[k]) + 1))
        texts[k] = texts[k][:at] + rare[int(random.integers(len(rare)))] + texts[k][at:]
    return texts


globals()[WHAT]()
for line in open("/proc/self/status"):
    if line.startswith("VmHWM"):
        print(f"peak MB,{int(line.split()[1]) // 1024}")
