"""Arrays as NumPy 2 writes them, for NumpyArrayTest: python numpy_arrays.py (numpy 2.x)."""

import pathlib

import numpy as np

folder = pathlib.Path(__file__).parent / "numpy"
folder.mkdir(exist_ok=True)
box = np.arange(24, dtype=np.float64).reshape(2, 3, 4) / 4 - 2
for kind in ("<f2", ">f2", "<f4", ">f4", "<f8", ">f8"):
    name = kind.replace("<", "little").replace(">", "big")
    np.save(folder / f"{name}.npy", box.astype(kind))
    np.save(folder / f"{name}-columns.npy", np.asfortranarray(box.astype(kind)))
np.save(folder / "halves.npy", np.arange(1 << 16, dtype=np.uint16)[::77].view(np.float16))
np.save(folder / "halves-as-floats.npy", np.arange(1 << 16, dtype=np.uint16)[::77].view(np.float16).astype("<f4"))
np.save(folder / "single.npy", np.float32(7.5))
np.save(folder / "empty.npy", np.zeros((3, 0), dtype="<f4"))
with open(folder / "version2.npy", "wb") as out:
    np.lib.format.write_array(out, box.astype("<f4"), version=(2, 0))
