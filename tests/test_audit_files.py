"""Networks in files: what is read, number for number, what is refused and in which words, and what is written."""

import json
import struct
import sys
import zipfile

import numpy as np
import pytest

from claims.auditing.formats import CODES, Stored, is_function, read_arrays, rounded, write_arrays
from claims.auditing.networks import natural, read_network
from claims.command_line.errors import UsageError

torch = pytest.importorskip("torch")
safetensors_numpy = pytest.importorskip("safetensors.numpy")
safetensors_torch = pytest.importorskip("safetensors.torch")

RNG = np.random.default_rng(0)
FIRST, SECOND = RNG.normal(size=(3, 2)), RNG.normal(size=(4, 3))
TARGET = RNG.normal(size=(4, 2))


def npz(path, **arrays):
    np.savez(path, **arrays)
    return str(path)


def state(path, **arrays):
    torch.save({name.replace("_", ".", 1): torch.as_tensor(value) for name, value in arrays.items()}, path)
    return str(path)


# Reading, number for number.


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "int64", "int8", "uint8"])
def test_npz(tmp_path, dtype):
    matrix = (RNG.normal(size=(3, 2)) * 8).astype(dtype)
    found = read_arrays(npz(tmp_path / "a.npz", W_1=matrix))["W_1"]
    assert found.dtype == dtype
    assert found.array.dtype == np.float64
    assert (found.array == matrix).all()


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "int32", "uint8"])
def test_safetensors_as_their_own_package_writes_them(tmp_path, dtype):
    """The metadata are no tensor."""
    matrix = (RNG.normal(size=(3, 2)) * 8).astype(dtype)
    path = tmp_path / "a.safetensors"
    safetensors_numpy.save_file({"b.weight": matrix, "a.weight": matrix.T.copy()}, path, metadata={"format": "np"})
    found = read_arrays(str(path))
    assert set(found) == {"a.weight", "b.weight"}
    assert found["b.weight"].dtype == dtype
    assert (found["b.weight"].array == matrix).all()
    assert (found["a.weight"].array == matrix.T).all()


def test_bfloat16_is_widened_by_its_bits(tmp_path):
    """Every finite bfloat16, from safetensors and from PyTorch, is the number that PyTorch says it is."""
    bits = torch.arange(-(2**15), 2**15, dtype=torch.int32).to(torch.int16).view(torch.bfloat16).reshape(256, 256)
    tensor = torch.where(torch.isfinite(bits), bits, torch.zeros_like(bits))
    safetensors_torch.save_file({"0.weight": tensor}, tmp_path / "a.safetensors")
    torch.save({"0.weight": tensor}, tmp_path / "a.pt")
    for name in ("a.safetensors", "a.pt"):
        found = read_arrays(str(tmp_path / name))["0.weight"]
        assert found.dtype == "bfloat16"
        assert (found.array == tensor.double().numpy()).all()


def test_state_dicts(tmp_path):
    """Of a module, and inside of a checkpoint."""
    net = torch.nn.Sequential(torch.nn.Linear(2, 3, bias=False), torch.nn.Linear(3, 4, bias=False))
    torch.save(net.state_dict(), tmp_path / "a.pt")
    torch.save({"epoch": 3, "state_dict": net.state_dict()}, tmp_path / "b.pth")
    for name in ("a.pt", "b.pth"):
        network = read_network(str(tmp_path / name))
        assert network.names == ("0.weight", "1.weight")
        for layer, matrix in zip(net, network.weights, strict=True):
            assert (matrix == layer.weight.detach().double().numpy()).all()


def test_functions(tmp_path, monkeypatch):
    """Matrices, a mapping, a module; found in the working directory."""
    (tmp_path / "own_networks.py").write_text(
        "import numpy as np, torch\n"
        "def matrices(): return [np.ones((3, 2)), [[1, 2, 3]]]\n"
        "def mapping(): return {'W_1': np.ones((3, 2)), 'target': np.ones((3, 2))}\n"
        "def module(): return torch.nn.Sequential(torch.nn.Linear(2, 3, bias=False), torch.nn.Identity())\n"
        "def bent(): return torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU())\n"
        "def nothing(): return 7\n"
        "def text(): return {'W_1': 'a'}\n"
        "def ragged(): return [[[1, 2], [3]]]\n"
        "def broken(): raise RuntimeError('no')\n"
        "def leaving(): raise SystemExit(0)\n"
        "number = 3\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    assert read_network("own_networks:matrices", layout="out-in").weights[1].tolist() == [[1, 2, 3]]
    assert read_network("own_networks:mapping").aim.arrays["target"].shape == (3, 2)
    assert read_network("own_networks:module").weights[0].shape == (3, 2)
    for name, sentence in (
        ("bent", "has ReLU; expected linear layers alone"),
        ("nothing", "returned a int; expected a list of matrices"),
        ("text", "has W_1, a str; expected arrays alone"),
        ("ragged", "W_1, whose rows do not fit together"),
        ("broken", "raised RuntimeError: no"),
        ("leaving", "raised SystemExit: 0"),
        ("number", "has no function number"),
        ("missing", "has no function missing"),
    ):
        with pytest.raises(UsageError, match=sentence):
            read_network(f"own_networks:{name}")
    with pytest.raises(UsageError, match="importing no_such_module raised ModuleNotFoundError"):
        read_network("no_such_module:f")
    assert not is_function("file.npz")


def test_names_are_sorted_as_numbers(tmp_path):
    """0, 1, 2, 10, which safetensors keep as 0, 1, 10, 2; the order is told."""
    matrices = [np.full((2, 2), float(j)) for j in range(12)]
    path = tmp_path / "a.safetensors"
    safetensors_numpy.save_file({f"layers.{j}.weight": matrix for j, matrix in enumerate(matrices)}, path)
    network = read_network(str(path), layout="out-in")
    assert [matrix[0, 0] for matrix in network.weights] == list(range(12))
    assert "layers.2.weight 2 x 2, layers.3.weight" in network.description[0]
    assert sorted(["a10b2", "a2b10", "a2b9", "a10b1"], key=natural) == ["a2b9", "a2b10", "a10b1", "a10b2"]


# Which way round.


def test_the_only_layout_that_fits_is_taken_and_told(tmp_path):
    """By the layers, or by the target where the layers fit both ways."""
    out_in = read_network(npz(tmp_path / "a.npz", W_1=FIRST, W_2=SECOND))
    in_out = read_network(npz(tmp_path / "b.npz", W_1=FIRST.T, W_2=SECOND.T))
    assert (out_in.layout, in_out.layout) == ("out-in", "in-out")
    for one, other in zip(out_in.weights, in_out.weights, strict=True):
        assert (one == other).all()
    assert "the only way they fit" in in_out.description[0]
    there_and_back = {"W_1": FIRST, "W_2": FIRST.T}
    small = read_network(npz(tmp_path / "c.npz", **there_and_back, target=np.eye(2)))
    large = read_network(npz(tmp_path / "d.npz", **there_and_back, target=np.eye(3)))
    assert (small.layout, large.layout) == ("out-in", "in-out")


def test_layers_that_fit_both_ways_are_asked_for(tmp_path):
    """Square ones, and there and back; PyTorch's own files say it by their format."""
    square = {"0_weight": np.ones((2, 2)), "1_weight": np.full((2, 2), 2.0)}
    for arrays in (square, {"a1": FIRST, "a2": FIRST.T}):
        path = npz(tmp_path / "a.npz", **arrays)
        with pytest.raises(UsageError, match=r"fit together both ways round .*; expected --layout out-in"):
            read_network(path)
        assert read_network(path, layout="in-out").weights[0].tolist() == next(iter(arrays.values())).T.tolist()
    assert read_network(state(tmp_path / "a.pt", **square)).layout == "out-in"


def test_layers_that_do_not_fit(tmp_path):
    with pytest.raises(UsageError, match=r"do not fit together in this order \(W_1 \(3, 2\), W_2 \(3, 4\)\)"):
        read_network(npz(tmp_path / "a.npz", W_1=FIRST, W_2=SECOND.T))
    with pytest.raises(UsageError, match=r"and a target of shape \(9, 9\)"):
        read_network(npz(tmp_path / "b.npz", W_1=FIRST, W_2=SECOND, target=np.ones((9, 9))))


# What is no layer.


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"0_weight": FIRST, "0_bias": np.ones(3)}, "0.bias that is not 0; expected bias=False"),
        ({"0_weight_g": np.ones((3, 1)), "0_weight_v": FIRST}, r"0\.weight_g: weight_norm"),
        ({"1_weight": FIRST, "1_running_mean": np.zeros(3)}, "batch normalisation, which is no linear layer"),
        ({"0_weight": np.ones((3, 2, 3, 3))}, r"of shape \(3, 2, 3, 3\), which is no layer, bias or target"),
        ({"0_weight": FIRST, "1_weight": np.zeros(3)}, r"1.weight of shape \(3,\), which is no layer"),
        ({"0_weight": FIRST, "scale": np.zeros(())}, "scale of shape"),
        ({"0_bias": np.zeros(3)}, "has no matrix"),
        ({"encoder_weight": FIRST, "decoder_weight": SECOND}, "whose order their names do not tell; expected --layers"),
        ({"0_weight": np.array([[1j]])}, "of type complex128|no dense tensor"),
        ({"0_weight": np.array([[True]])}, "of type bool"),
    ],
)
def test_what_is_no_linear_layer_is_refused(tmp_path, arrays, sentence):
    with pytest.raises(UsageError, match=sentence):
        read_network(state(tmp_path / "a.pt", **arrays))


def test_weight_norm_by_its_names(tmp_path):
    """As PyTorch's later way of it names its tensors."""
    layer = torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(2, 3, bias=False))
    torch.save(layer.state_dict(), tmp_path / "a.pt")
    with pytest.raises(UsageError, match="weight_norm, by which a layer's matrix is another one"):
        read_network(str(tmp_path / "a.pt"))


def test_biases_of_zero_are_none(tmp_path):
    network = read_network(state(tmp_path / "a.pt", **{"0_weight": FIRST, "0_bias": np.zeros(3)}))
    assert network.names == ("0.weight",)
    assert network.left_out == ()


def test_layers_that_are_named(tmp_path):
    """In their order; the rest is left out and told, but a bias of theirs counts."""
    arrays = {
        "decoder_weight": SECOND,
        "encoder_weight": FIRST,
        "head_weight": np.ones((5, 5)),
        "head_bias": np.ones(5),
    }
    path = state(tmp_path / "a.pt", **arrays)
    network = read_network(path, layers=["encoder.weight", "decoder.weight"])
    assert (network.weights[0] == FIRST).all()
    assert network.left_out == ("head.weight", "head.bias")
    assert "left out: head.weight, head.bias" in network.description
    with pytest.raises(UsageError, match=r"head\.bias that is not 0"):
        read_network(path, layers=["head.weight"])
    for layers, sentence in (
        (["encoder.weigh"], "has no 'encoder.weigh'; did you mean encoder.weight"),
        (["head.bias"], r"head.bias has shape \(5,\); expected a matrix"),
        (["head.weight", "head.weight"], "names a layer twice"),
        (["zzz"], "did you mean some of decoder.weight"),
    ):
        with pytest.raises(UsageError, match=sentence):
            read_network(path, layers=layers)


def test_the_target_and_the_learning_rate(tmp_path):
    """From the same file, or from one of their own, with one array or one that is named."""
    both = npz(tmp_path / "a.npz", W_1=FIRST, W_2=SECOND, Phi=TARGET, learning_rate=0.25)
    network = read_network(both)
    assert (network.aim.arrays["target"] == TARGET).all()
    assert network.learning_rate == 0.25
    bare = npz(tmp_path / "b.npz", W_1=FIRST, W_2=SECOND)
    assert read_network(bare).aim.ends is None
    np.save(tmp_path / "phi.npy", TARGET)
    for other in (str(tmp_path / "phi.npy"), both):
        assert (read_network(bare, aims=[other]).aim.arrays["target"] == TARGET).all()
    with pytest.raises(UsageError, match="has W_1, W_2; expected one array, or one that is named target or X and Y"):
        read_network(bare, aims=[bare])
    with pytest.raises(UsageError, match=r"has target of shape \(3,\); expected a matrix"):
        read_network(npz(tmp_path / "c.npz", W_1=FIRST, target=np.ones(3)))
    with pytest.raises(UsageError, match="has Phi, a second target; expected one"):
        read_network(npz(tmp_path / "d.npz", W_1=FIRST, target=FIRST, Phi=FIRST))
    with pytest.raises(UsageError, match=r"learning_rate of shape \(2,\); expected a number"):
        read_network(npz(tmp_path / "e.npz", W_1=FIRST, target=FIRST, learning_rate=np.ones(2)))


def test_data(tmp_path):
    """X and Y beside the layers or in a file of their own; columns or rows, by what fits; y of one axis."""
    inputs, outputs = RNG.normal(size=(2, 7)), RNG.normal(size=(4, 7))
    layers = {"W_1": FIRST, "W_2": SECOND}
    for name, arrays, way in (
        ("a", {"X": inputs, "Y": outputs}, "columns"),
        ("b", {"inputs": inputs.T, "outputs": outputs.T}, "rows"),
    ):
        np.savez(tmp_path / "data.npz", **arrays)
        bare = npz(tmp_path / f"{name}_bare.npz", **layers)
        for network in (
            read_network(npz(tmp_path / f"{name}.npz", **layers, **arrays)),
            read_network(bare, aims=[str(tmp_path / "data.npz")]),
        ):
            assert (network.aim.arrays["inputs"] == inputs).all()
            assert (network.aim.arrays["outputs"] == outputs).all()
            assert network.description[2] == f"data: 7 samples, read as {way}"
    single = {"W_1": FIRST[:1], "X": inputs.T, "Y": outputs[0]}
    assert read_network(npz(tmp_path / "c.npz", **single)).aim.arrays["outputs"].tolist() == [outputs[0].tolist()]
    covariance = read_network(npz(tmp_path / "d.npz", **layers, target=TARGET, S=np.eye(2)))
    assert set(covariance.aim.arrays) == {"target", "covariance"}


def test_data_that_fit_both_ways_or_none(tmp_path):
    square = {"W_1": np.eye(3), "X": np.ones((3, 3)), "Y": np.ones((3, 3))}
    path = npz(tmp_path / "a.npz", **square)
    with pytest.raises(UsageError, match="can be read both ways; expected --samples columns"):
        read_network(path, layout="out-in")
    rows = read_network(
        npz(tmp_path / "b.npz", **square | {"X": np.arange(9.0).reshape(3, 3)}), layout="out-in", samples="rows"
    )
    assert rows.aim.arrays["inputs"][0].tolist() == [0, 3, 6]
    with pytest.raises(UsageError, match="do not fit the layers; expected as many samples in both"):
        read_network(npz(tmp_path / "c.npz", W_1=FIRST, X=np.ones((2, 7)), Y=np.ones((3, 8))))


# Files that are none.


def header(text, data=b"", size=None):
    raw = text.encode()
    return struct.pack("<Q", len(raw) if size is None else size) + raw + data


ENTRY = '{"a": {"dtype": "F64", "shape": [1, 1], "data_offsets": [0, 8]}}'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"1234567",
        header("{"),
        header("[]"),
        header('{"a": 3}'),
        header("{}", size=2**60),
        header('{"a": {"dtype": "F64"}}'),
        header(ENTRY),
        header(ENTRY, b"1234567"),
        header(ENTRY.replace("[0, 8]", "[8, 0]"), bytes(8)),
        header(ENTRY.replace("[0, 8]", "[-8, 0]"), bytes(8)),
        header(ENTRY.replace("[1, 1]", "[-1, -1]"), bytes(8)),
        header(ENTRY.replace("[1, 1]", "[1, 2]"), bytes(8)),
        header(ENTRY.replace("[1, 1]", '["a", 2]'), bytes(8)),
        header("[" * 100_000),
        struct.pack("<Q", 4) + b"\xff\xfe\xfd\xfc",
    ],
)
def test_damaged_safetensors(tmp_path, content):
    path = tmp_path / "a.safetensors"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"a\.safetensors is no \.safetensors"):
        read_arrays(str(path))


def test_types_that_are_no_numbers_here(tmp_path):
    path = tmp_path / "a.safetensors"
    path.write_bytes(header(ENTRY.replace("F64", "F8_E5M2"), bytes(8)))
    with pytest.raises(UsageError, match="has a of type F8_E5M2; expected one of F64, F32, F16, BF16"):
        read_arrays(str(path))


class Evil:
    def __reduce__(self):
        return (open, ("/tmp/never", "w"))


def test_nothing_is_unpickled(tmp_path):
    """Objects in an .npz and in a PyTorch file."""
    np.savez(tmp_path / "a.npz", W=np.array([Evil()], dtype=object))
    with pytest.raises(UsageError, match=r"is no \.npz of plain arrays"):
        read_arrays(str(tmp_path / "a.npz"))
    torch.save({"0.weight": Evil()}, tmp_path / "a.pt")
    with pytest.raises(UsageError, match="holds more than tensors, or is damaged"):
        read_arrays(str(tmp_path / "a.pt"))
    torch.save(torch.nn.Linear(2, 2), tmp_path / "b.pt")
    with pytest.raises(UsageError, match=r"expected torch.save\(model.state_dict\(\), FILE\)"):
        read_arrays(str(tmp_path / "b.pt"))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.npz", b"not a zip", r"is no \.npz"),
        ("a.npz", b"PK\x05\x06" + bytes(18), "has no matrix"),
        ("a.pt", b"nothing", "holds more than tensors, or is damaged"),
        ("a.npy", b"nothing", "has no format|is no"),
        ("a.h5", b"nothing", "has no format that is known by its name"),
        ("a", b"nothing", "has no format that is known by its name"),
    ],
)
def test_files_that_are_none(tmp_path, name, content, sentence):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=sentence):
        read_network(str(tmp_path / name))


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_network(str(tmp_path / "missing.npz"))
    (tmp_path / "a.npz").mkdir()
    with pytest.raises(UsageError, match="cannot be read: Is a directory"):
        read_network(str(tmp_path / "a.npz"))
    torch.save(3, tmp_path / "a.pt")
    with pytest.raises(UsageError, match="holds a int; expected a state dict"):
        read_network(str(tmp_path / "a.pt"))


def test_an_archive_that_unpacks_to_too_much(tmp_path, monkeypatch):
    path = npz(tmp_path / "a.npz", W=np.zeros((100, 100)))
    monkeypatch.setattr("claims.auditing.formats.LARGEST", 10_000)
    with pytest.raises(UsageError, match=r"expected at most 10,000"):
        read_arrays(path)


def test_pytorch_is_needed_for_its_files_alone(tmp_path, monkeypatch):
    path = state(tmp_path / "a.pt", **{"0_weight": FIRST})
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(UsageError, match="needs PyTorch, which is not installed; expected `pip install torch`"):
        read_network(path)
    assert read_network(npz(tmp_path / "a.npz", W_1=FIRST, W_2=SECOND)).weights


# Writing.


@pytest.mark.parametrize("name", ["a.npz", "a.safetensors", "a.pt"])
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_what_is_written_is_read_again(tmp_path, name, dtype):
    arrays = {"1.weight": Stored(rounded(SECOND, dtype), dtype), "file": Stored(np.zeros(3), "int64")}
    write_arrays(tmp_path / name, arrays)
    found = read_arrays(str(tmp_path / name))
    assert {key: (each.dtype, each.array.tolist()) for key, each in found.items()} == {
        key: (each.dtype, each.array.tolist()) for key, each in arrays.items()
    }
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_safetensors_are_read_by_their_own_package(tmp_path):
    arrays = {
        "b": Stored(rounded(SECOND, "bfloat16"), "bfloat16"),
        "a": Stored(FIRST, "float64"),
        "c": Stored(np.arange(6.0).reshape(2, 3), "uint8"),
    }
    write_arrays(tmp_path / "a.safetensors", arrays)
    found = safetensors_torch.load_file(tmp_path / "a.safetensors")
    assert {name: str(tensor.dtype).partition(".")[2] for name, tensor in found.items()} == {
        name: each.dtype for name, each in arrays.items()
    }
    for name, each in arrays.items():
        assert (found[name].double().numpy() == each.array).all()
    assert set(CODES.values()) >= {"bfloat16", "int8", "uint64"}


def test_rounding_to_bfloat16_is_pytorchs():
    """To nearest, ties to even, once: random numbers, ties, and numbers next to ties that float32 would make ties."""
    numbers = [RNG.normal(size=2000) * 2.0 ** RNG.integers(-140, 127, size=2000)]
    ties = 1 + np.arange(1, 200, 2) / 256
    numbers += [ties, -ties, ties + 2.0**-50, ties - 2.0**-50, np.array([0.0, -0.0, 1e-45, 3e38])]
    for each in map(np.atleast_2d, numbers[:1] + numbers[1:3] + numbers[-1:]):
        single = each.astype(np.float32).astype(np.float64)
        expected = torch.from_numpy(single).float().to(torch.bfloat16).double().numpy()
        assert (rounded(single, "bfloat16") == expected).all()
    for each, direction in ((numbers[3], 1), (numbers[4], -1)):
        found = rounded(each, "bfloat16")
        assert (direction * (found - each) > 0).all()
        assert (abs(found - each) < 2.0**-8).all()


def test_npz_has_no_bfloat16(tmp_path):
    with pytest.raises(UsageError, match=r"W is bfloat16, which NumPy has not; expected a name .*safetensors"):
        write_arrays(tmp_path / "a.npz", {"W": Stored(FIRST, "bfloat16")})
    assert not list(tmp_path.iterdir())


def test_nothing_is_left_half_written(tmp_path, monkeypatch):
    """A disk that is full: the old file stands, and no other."""
    path = tmp_path / "a.npz"
    write_arrays(path, {"W": Stored(FIRST, "float64")})
    before = path.read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_arrays(path, {"W": Stored(SECOND, "float64")})
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["a.npz"]
    assert zipfile.is_zipfile(path)


def test_layers_are_put_back_as_they_stood(tmp_path):
    """Transposed again, in their own types; what else was there stays."""
    path = npz(tmp_path / "a.npz", W_1=FIRST.T.astype(np.float32), W_2=SECOND.T, target=TARGET, b_1=np.zeros(3))
    network = read_network(path)
    back = network.with_weights([2 * matrix for matrix in network.weights])
    assert json.dumps({name: each.dtype for name, each in back.items()}) == (
        '{"W_1": "float32", "W_2": "float64", "target": "float64", "b_1": "float64"}'
    )
    assert (back["W_2"].array == 2 * SECOND.T).all()
    assert back["target"].array.tolist() == TARGET.tolist()
