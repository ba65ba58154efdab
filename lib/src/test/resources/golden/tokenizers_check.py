"""Tokens and places of 100,000 lines by the package tokenizers, for ByteLevelTokenizerTest.

By hand:  mvn -pl lib test -Dtest=ByteLevelTokenizerTest   with JAVA_TOOL_OPTIONS=-Dcarousel.lines=LINES.jsonl, then
          python3 tokenizers_check.py LINES.jsonl          with tokenizers 0.23.3 installed.
Trains two small byte-level vocabularies on the lines when they are not there, writes tokenizers/*.json and
tokenizers/digests.txt: the CRC-32 of id, begin and end of every token as big-endian ints, places counted in UTF-16.
"""

import json
import pathlib
import struct
import sys
import zlib

import tokenizers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from tokenizers.implementations import BertWordPieceTokenizer

HERE = pathlib.Path(__file__).parent
FOLDER = HERE / "tokenizers"
lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
assert tokenizers.__version__ == "0.23.3"


def byte_level(name, prefixed, trimmed):
    file = FOLDER / f"{name}.json"
    if not file.exists():
        FOLDER.mkdir(exist_ok=True)
        t = Tokenizer(models.BPE())
        t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefixed)
        t.decoder = decoders.ByteLevel()
        t.post_processor = processors.ByteLevel(trim_offsets=trimmed)
        trainer = trainers.BpeTrainer(
            vocab_size=700,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            special_tokens=["<|endoftext|>"],
            show_progress=False,
        )
        t.train_from_iterator(lines[:20_000], trainer)
        t.save(str(file), pretty=False)
    return Tokenizer.from_file(str(file))


def bert(uncased):
    return BertWordPieceTokenizer(str(HERE / "pretrained/vocab.txt"), lowercase=uncased)


def utf16(text):
    places = [0]
    for c in text:
        places.append(places[-1] + (2 if ord(c) > 0xFFFF else 1))
    return places


def digest(t):
    crc = 0
    for line in lines:
        e, at = t.encode(line), utf16(line)
        crc = zlib.crc32(b"".join(struct.pack(">iii", i, at[a], at[b]) for i, (a, b) in zip(e.ids, e.offsets)), crc)
    return f"{crc:08x}"


byte_level("byte-level-prefixed", True, True)
untrimmed = FOLDER / "byte-level-prefixed.json"
found = {
    "byte-level": digest(byte_level("byte-level", False, False)),
    "byte-level-prefixed": digest(byte_level("byte-level-prefixed", True, True)),
    "byte-level-untrimmed": digest(
        Tokenizer.from_str(untrimmed.read_text().replace('"trim_offsets":true', '"trim_offsets":false'))
    ),
    "bert-uncased": digest(bert(True)),
    "bert-cased": digest(bert(False)),
}
(FOLDER / "digests.txt").write_text("".join(f"{name} {crc}\n" for name, crc in found.items()))
