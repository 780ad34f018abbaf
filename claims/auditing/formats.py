"""Named arrays from files, and back: .npz, .safetensors, PyTorch's state dicts; and from a function of one's own.

An array is read as float64, every number as it is: bfloat16, which NumPy has not, by its bits. Nothing is unpickled:
``numpy.load`` runs without pickles, ``torch.load`` with ``weights_only``, and safetensors are a header in JSON and
bytes (https://github.com/huggingface/safetensors), which need no package. What is written takes the file's place all
at once, or not at all.
"""

from __future__ import annotations

import importlib
import io
import json
import math
import os
import re
import struct
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from claims.auditing.report import FloatArray
from claims.command_line.errors import UsageError

AFunction = TypeVar("AFunction")

LARGEST = 1 << 31
"""Bytes of a file that is read."""
PICKLED = (".pt", ".pth", ".bin", ".ckpt")
FORMATS = ".npz, .safetensors, .pt, .pth, .bin or .ckpt"
CODES = {
    "F64": "float64",
    "F32": "float32",
    "F16": "float16",
    "BF16": "bfloat16",
    **{
        f"{letter}{bits}": f"{word}{bits}" for letter, word in (("I", "int"), ("U", "uint")) for bits in (8, 16, 32, 64)
    },
}
"""From safetensors' names of types to NumPy's, and bfloat16."""


@dataclass(frozen=True)
class Stored:
    """An array as float64 and the type that it was stored in."""

    array: FloatArray
    dtype: str

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape


Arrays = dict[str, Stored]


def read_arrays(source: str) -> Arrays:
    """The arrays of a file, or of what ``module:function`` returns, by name and in the order in which they stand there.

    Raises UsageError with a sentence for what cannot be read.
    """
    if is_function(source):
        return _of_function(source)
    path = Path(source)
    reader = _reader(path)
    try:
        if path.stat().st_size > LARGEST:
            raise UsageError(f"{source} has {path.stat().st_size:,} bytes; expected at most {LARGEST:,}")
        return reader(path)
    except OSError as error:
        raise UsageError(f"{source} cannot be read: {error.strerror or error}") from None


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write arrays in the format that the name of ``path`` has, each in the type that it was stored in.

    ``path`` holds what it held, or all of the new content. Raises UsageError for a name of another format.
    """
    from claims.suite.evidence import replacing

    content = _writer(path)(arrays)
    with replacing(path.absolute()) as file:
        file.write(content)


def is_function(source: str) -> bool:
    """Whether this is ``module:function``, and no file."""
    return re.fullmatch(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", source) is not None and not Path(source).exists()


def check_writable(path: Path) -> None:
    """UsageError where the name has no format that is written."""
    _writer(path)


def rounded(array: FloatArray, dtype: str) -> FloatArray:
    """The nearest array of a type, ties to even, in float64."""
    if dtype == "bfloat16":
        return _widened(_bfloat16_bits(array))
    return array.astype(dtype).astype(np.float64)


def _reader(path: Path) -> Callable[[Path], Arrays]:
    readers = {".npz": _read_npz, ".npy": _read_npy, ".safetensors": _read_safetensors}
    readers |= dict.fromkeys(PICKLED, _read_torch)
    return _of_suffix(path, readers, f"{FORMATS}, or module:function")


def _writer(path: Path) -> Callable[[Arrays], bytes]:
    writers = {".npz": _npz, ".safetensors": _safetensors} | dict.fromkeys(PICKLED, _torch)
    return _of_suffix(path, writers, FORMATS)


def _of_suffix(path: Path, known: Mapping[str, AFunction], expected: str) -> AFunction:
    if path.suffix not in known:
        raise UsageError(f"{path} has no format that is known by its name; expected {expected}")
    return known[path.suffix]


def _stored(array: Any, name: str, source: object, dtype: str = "") -> Stored:
    if array.dtype.kind not in "fiu":
        raise UsageError(f"{source} has {name} of type {array.dtype}; expected real numbers, as in float32")
    wide = array.astype(np.float64)
    if (wide.astype(array.dtype) != array)[np.isfinite(wide)].any():
        raise UsageError(f"{source} has {name} with an entry that no float64 is; expected float64, or fewer bits")
    return Stored(wide, dtype or str(array.dtype))


# NumPy.


def _read_npz(path: Path) -> Arrays:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size > LARGEST:
            raise UsageError(f"{path} has {size:,} bytes unpacked; expected at most {LARGEST:,}")
        with np.load(path, allow_pickle=False) as archive:
            return {name: _stored(archive[name], name, path) for name in archive.files}
    except (zipfile.BadZipFile, ValueError, EOFError, KeyError, NotImplementedError) as error:
        raise _unread(path, ".npz of plain arrays, as numpy.savez writes it", error) from None


def _read_npy(path: Path) -> Arrays:
    try:
        return {"target": _stored(np.load(path, allow_pickle=False), "an array", path)}
    except (ValueError, EOFError) as error:
        raise _unread(path, ".npy of a plain array, as numpy.save writes it", error) from None


def _unread(path: Path, expected: str, error: Exception) -> UsageError:
    if isinstance(error, UsageError):
        return error
    return UsageError(f"{path} is no {expected}: {' '.join(str(error).split())[:200]}")


def _npz(arrays: Arrays) -> bytes:
    if odd := [name for name, each in arrays.items() if each.dtype == "bfloat16"]:
        raise UsageError(f"{odd[0]} is bfloat16, which NumPy has not; expected a name that ends in .safetensors")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:  # numpy.savez takes no array of the name "file"
        for name, each in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, each.array.astype(each.dtype), allow_pickle=False)
    return content.getvalue()


# safetensors.


def _read_safetensors(path: Path) -> Arrays:
    content = path.read_bytes()
    try:
        (size,) = struct.unpack("<Q", content[:8])
        text = content[8 : 8 + size]
        header: dict[str, Any] = json.loads(text if len(text) == size else b"")
        return {
            name: _of_bytes(path, name, entry, content[8 + size :])
            for name, entry in header.items()
            if name != "__metadata__"
        }
    except (struct.error, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _unread(path, ".safetensors", error) from None


def _of_bytes(path: Path, name: str, entry: Mapping[str, Any], data: bytes) -> Stored:
    code, shape, (start, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
    if code not in CODES:
        raise UsageError(f"{path} has {name} of type {code}; expected one of {', '.join(CODES)}")
    dtype = CODES[code]
    kind = np.dtype("<u2" if dtype == "bfloat16" else dtype).newbyteorder("<")
    if not all(isinstance(each, int) and each >= 0 for each in (*shape, start, end)):
        raise TypeError(f"{name} has no shape and place in whole numbers")
    if not start <= end <= len(data) or end - start != math.prod(shape) * kind.itemsize:
        raise TypeError(f"{name} has not the bytes that its shape {tuple(shape)} needs")
    raw = np.frombuffer(data[start:end], dtype=kind).reshape(shape)
    return Stored(_widened(raw), dtype) if dtype == "bfloat16" else _stored(raw, name, path, dtype)


def _widened(bits: Any) -> FloatArray:
    """bfloat16 is the upper half of a float32."""
    wide: FloatArray = (bits.astype(np.uint32) << 16).view(np.float32).astype(np.float64)
    return wide


def _bfloat16_bits(array: FloatArray) -> Any:
    """Of the nearest bfloat16, ties to even: through float32, rounded to odd so that nothing is rounded twice."""
    near = array.astype(np.float32)
    bits = near.view(np.uint32).astype(np.uint64)
    back = near.astype(np.float64)
    bits = np.where((abs(back) > abs(array)), bits - 1, bits)  # towards zero
    odd = bits | (np.where(back != array, 1, 0)).astype(np.uint64)
    return ((odd + 0x7FFF + ((odd >> 16) & 1)) >> 16).astype(np.uint16)


def _safetensors(arrays: Arrays) -> bytes:
    codes = {dtype: code for code, dtype in CODES.items()}
    header: dict[str, Any] = {}
    pieces, offset = [], 0
    for name, each in sorted(arrays.items()):
        as_bits = _bfloat16_bits(each.array) if each.dtype == "bfloat16" else each.array.astype(each.dtype)
        piece = np.ascontiguousarray(as_bits.astype(as_bits.dtype.newbyteorder("<"))).tobytes()
        place = [offset, offset + len(piece)]
        header[name] = {"dtype": codes[each.dtype], "shape": list(each.shape), "data_offsets": place}
        pieces.append(piece)
        offset += len(piece)
    text = json.dumps(header).encode("utf-8")
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(pieces)


# PyTorch.


def _torch_module(path: Path) -> Any:
    try:
        return importlib.import_module("torch")
    except ImportError:
        raise UsageError(f"{path} needs PyTorch, which is not installed; expected `pip install torch`") from None


def _read_torch(path: Path) -> Arrays:
    torch = _torch_module(path)
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except OSError:
        raise
    except Exception as error:  # torch has no class of its own for a file that it does not take
        sentence = str(error).strip().split("\n")[0][:200]
        raise UsageError(
            f"{path} holds more than tensors, or is damaged; expected torch.save(model.state_dict(), FILE) ({sentence})"
        ) from None
    for key in ("state_dict", "model_state_dict"):
        if isinstance(found, Mapping) and isinstance(found.get(key), Mapping):
            found = found[key]
    if not isinstance(found, Mapping) or not found:
        raise UsageError(f"{path} holds a {type(found).__name__}; expected a state dict, names with tensors")
    return _of_mapping(found, path)


def _of_mapping(found: Mapping[Any, Any], source: object) -> Arrays:
    return {str(name): _of_value(value, str(name), source) for name, value in found.items()}


def _of_value(value: Any, name: str, source: object) -> Stored:
    """A tensor, an array, or numbers in lists."""
    if not hasattr(value, "detach"):
        if not isinstance(value, np.ndarray | Sequence | float | int) or isinstance(value, str):
            raise UsageError(f"{source} has {name}, a {type(value).__name__}; expected arrays alone")
        try:
            return _stored(np.asarray(value), name, source)
        except ValueError as error:
            raise _refused(error, f"{source} has {name}, whose rows do not fit together") from None
    half = "bfloat16" in str(value.dtype)
    try:
        array = (value.float() if half else value).detach().cpu().numpy()
    except (TypeError, RuntimeError) as error:
        raise UsageError(f"{source} has {name}, which is no dense tensor of numbers: {error}") from None
    return _stored(array, name, source, "bfloat16" if half else "")


def _refused(error: ValueError, sentence: str) -> UsageError:
    return error if isinstance(error, UsageError) else UsageError(sentence)


def _torch(arrays: Arrays) -> bytes:
    torch = _torch_module(Path("the file"))
    content = io.BytesIO()
    torch.save(
        {name: torch.from_numpy(e.array.copy()).to(getattr(torch, e.dtype)) for name, e in arrays.items()}, content
    )
    return content.getvalue()


# A function of one's own.


def _of_function(source: str) -> Arrays:
    """What a function without arguments returns: matrices, a mapping of names to arrays, or a PyTorch module of linear
    layers. Modules of the working directory are found too."""
    module, _, name = source.partition(":")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        function = getattr(importlib.import_module(module), name, None)
    except (Exception, SystemExit) as error:
        raise UsageError(f"{source}: importing {module} raised {type(error).__name__}: {error}") from error
    if not callable(function):
        raise UsageError(f"{source}: {module} has no function {name}; expected one without arguments")
    try:
        found = function()
    except (Exception, SystemExit) as error:
        raise UsageError(f"{source} raised {type(error).__name__}: {error}") from error
    if hasattr(found, "state_dict") and hasattr(found, "modules"):
        _check_linear(found, source)
        found = found.state_dict()
    if isinstance(found, Sequence) and not isinstance(found, str):
        found = {f"W_{j}": matrix for j, matrix in enumerate(found, start=1)}
    if not isinstance(found, Mapping) or not found:
        raise UsageError(
            f"{source} returned a {type(found).__name__}; expected a list of matrices, a dict of arrays, or a PyTorch "
            "module of linear layers"
        )
    return _of_mapping(found, source)


def _check_linear(module: Any, source: str) -> None:
    """No leaf of a PyTorch module but linear layers and what changes nothing."""
    leaves = [each for each in module.modules() if not list(each.children())]
    others = sorted({type(each).__name__ for each in leaves} - {"Linear", "Identity"})
    if others:
        raise UsageError(
            f"{source} has {', '.join(others)}; expected linear layers alone, since claims are about these"
        )
