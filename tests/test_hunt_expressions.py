"""What an expression may hold, and what is said of one that holds anything else."""

import pytest
from hunting import SMALL, inside

from claims.suite import hunt as command
from claims.suite.hunting.conjecture import FUNCTIONS, Fate, conjecture
from claims.suite.hunting.names import FUNCTIONS as NAMED
from claims.suite.hunting.names import NAMES, NUMBERS, SERIES
from claims.suite.hunting.names import SPACES as PLACES
from claims.suite.hunting.reading import ConjectureError
from claims.suite.hunting.spaces import SPACES
from claims.suite.hunting.trajectory import Trajectory


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch):
    """The hunt's process of its own has its tests in ``test_hunt_process.py``."""
    monkeypatch.setattr(command, "bounded", inside)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["loss[1"], "does not parse at column 5"),
        (["loss[1] <= loss[0]; 1"], "does not parse"),
        ([""], "does not parse"),
        (["x = 1"], "does not parse"),
        (["los[1] <= loss[0]"], "uses los, which is not known; expected depth, widths"),
        (["any(loss > 0 for loss in loss)"], "gives loss another meaning"),
        (["loss[1]"], "returned 0, of type Number; expected True or False"),
        (["None"], "returned None"),
        (["end_to_end[1] == end_to_end[0]"], "returned an array"),
        (["loss[9] < 1"], "loss[9] is beyond the run's steps, 0 to 3; raise --steps"),
        (["loss[1] / loss[0] <= 1"], "raised ZeroDivisionError"),
        (["loss[0] < float('nan')"], "nan meets an exact number"),
        (["loss[0] < float('inf')"], "inf meets an exact number"),
        (["float(loss[0]) >= 0"], "does not turn into a float"),
        (["loss[0] and True"], "neither true nor false"),
        (["loss[0] < 1j"], "complex number"),
        (["sqrt(0 - 1 - loss[0]) >= 0"], "a root of a negative number"),
        (["loss[loss[0] + 1/2] >= 0"], "not a whole number"),
        (["determinant(weights[0][0]) > 0 or True", "--given=1 / 0 > 1"], "ZeroDivisionError"),
        (["missing_module:f"], "importing missing_module raised ModuleNotFoundError"),
        (["math:nothing"], "math has no function nothing"),
        (["math:pi"], "math has no function pi"),
        (["math:sqrt"], "raised TypeError"),
        (["True", "--out=/no/such/directory/x.json"], "expected a file in a directory that exists"),
        (["True", "--out=/"], "expected a file in a directory that exists"),
    ],
)
def test_bad_conjectures_are_refused_with_a_sentence(arguments, told, capsys):
    """Exit code 2, one sentence, no traceback, nothing on standard output."""
    assert command.main([*arguments, "--seed=0", "--examples=20"]) == 2
    captured = capsys.readouterr()
    assert told in captured.err
    assert captured.out == ""


NOTHING_ELSE = {
    "__import__('os').system('true')": "uses __import__, which is not known",
    "open('x')": "uses open, which is not known",
    "eval('1')": "uses eval",
    "getattr(loss, 'a')": "uses getattr",
    "().__class__.__base__": "asks for .__",
    "loss.__class__": "asks for .__class__",
    "target.tofile": "asks for .tofile; expected one of .T, .all",
    "(t for t in loss).gi_frame": "asks for .gi_frame",
    "all(_trajectory for _trajectory in loss)": "gives _trajectory another meaning",
    "all(_number for _number in loss)": "gives _number another meaning",
    "_trajectory": "uses _trajectory, which is not known",
    "__builtins__": "uses __builtins__, which is not known",
    "all(all > 0 for all in loss)": "gives all another meaning",
    "(lambda: True)()": "is no function",
    "(x := 1) > 0": "uses :=",
    "f'{loss}' > 0": "uses JoinedStr",
    "loss[0] > 'a'": "has the text 'a'; expected numbers",
    "loss[0] > b'a'": "has the text b'a'",
    "loss[0] > ...": "has ...",
    "{loss[0]} == 1": "uses Set",
    "{1: 2} == 1": "uses Dict",
    "[t async for t in loss]": "async",
    "(yield 1)": "uses Yield",
    "await loss": "uses Await",
    "sqrt(loss[0])(1) > 0": "calls 'sqrt(loss[0])', which is no function",
    "steps(1) > 0": "calls steps, which is no function; write steps",
    "loss(1) > 0": "calls loss, which is no function; write loss[t]",
    "depth % 2 == 0": "uses %; expected + - * / ** or @ (to count by twos",
    "depth // 2 == 0": "uses //; expected /",
    "depth ^ 2 == 0": "uses ^; expected **",
    "loss[0] > 0 & depth > 1": "uses &; expected and",
    "loss[0] is 1": "uses is; expected ==",
}


@pytest.mark.parametrize("text", NOTHING_ELSE)
def test_an_expression_holds_nothing_else(text):
    """Neither as a conjecture nor as a hypothesis, before anything is run."""
    for arguments in ((text, []), ("True", [text])):
        with pytest.raises(ConjectureError) as refused:
            conjecture(*arguments, 0)
        assert NOTHING_ELSE[text] in str(refused.value)


def test_what_is_read_is_evaluated_without_builtins():
    """The second wall: had something slipped through, there would be nothing to call."""
    predicate = conjecture("True", [], 0).conclusion
    names = predicate.__closure__
    assert {"__builtins__": {}}.items() <= next(
        cell.cell_contents for cell in names if type(cell.cell_contents) is dict
    ).items()


SENTENCES = {
    "-" * 5000 + "1 < 0": "is nested too deep",
    "+".join(["1"] * 4000) + " > 0": "is nested too deep",
    "1 < " * 5000 + "0": "has 20001 characters; expected at most 10000",
    "0x" + "f" * 5000 + " > 0": "does not parse",
    "1e999999999 > loss[0]": "has the number 1e999999999; expected exponents up to 9999",
    "loss <= loss[0]": "loss is a series: write loss[t]",
    "loss[0] >= loss": "loss is a series: write loss[t]",
    "loss == loss": "loss is a series: write loss[t]",
    "-loss[0] < 2 * sigma_min": "sigma_min is a series: write sigma_min[t]",
    "norm(end_to_end) > 0": "end_to_end is a series: write end_to_end[t]",
    "loss or depth > 1": "loss is a series: write loss[t]",
    "max([loss, imbalance]) == 0": "imbalance is a series: write imbalance[t]",
    "sum([loss]) == 0": "loss is a series: write loss[t]",
    "loss": "returned the series loss, of type Values",
    "margin[1] > 0": "margin is one number, of step 0; write margin",
    "target_norm[0] > 0": "target_norm is one number, of step 0; write target_norm",
    "converges[0]": "converges is true or false; write converges",
    "all(loss[t + 1] <= loss[t])": "uses t, which is not known; expected depth",
    "loss[t] > 0": "For every step: all(loss[t] >= 0 for t in range(steps + 1))",
    "los[1] > 0": "Is loss meant?",
    "eta > 0": "For eta: write learning_rate",
    "np.sum(target) > 0": "for NumPy write module:function",
    "1 / loss[0] > 0": "loss[0] is 0; leave such problems out: --given 'loss[0] > 0'",
    "1 / target[0, 0] > 0": "target[0][0] is 0; leave such problems out: --given 'target[0][0] != 0'",
    "1 / (depth - depth) > 0": "leave such problems out, as with --given 'loss[0] > 0'",
    "loss[0] ** -1 > 0": "loss[0] is 0; leave such problems out: --given 'loss[0] > 0'",
    "loss[0, 1] > 0": "loss[(0, 1)]: expected a step in the brackets, as in loss[0]",
    "loss[0][0] > 0": "this is one number, and no series or matrix",
    "all(loss[0] >= 0)": "all and any take many",
    "weights[0] == weights[1]": "write weights[t][0] for W_1",
    "norm(weights[0]) > 0": "write weights[t][0] for W_1",
    "weights[0][8][0, 0] > 0": "weights[t][8] is W_9, of a network of depth",
    "target[9, 9] > 0": "widths differ from problem to problem",
    "end_to_end[0] > 0": "for matrices, (a == b).all()",
    "identity(2) == identity(2) and True": "matrices are compared entry by entry: write (a == b).all()",
    "identity(2) @ identity(3) == 1": "shapes differ from problem to problem",
    "2 ** 10 ** 10 > 0": "a power of more than 16777216 bits",
    "len(range(10 ** 7)) > 0": "a range of 10000000 numbers; expected at most 1000000",
}


@pytest.mark.parametrize("text", SENTENCES)
def test_sentences(text, capsys):
    """Exit code 2, and what to write instead; the expression itself is cut short."""
    assert command.main([text, "--seed=0", "--examples=20"]) == 2
    captured = capsys.readouterr()
    assert SENTENCES[text] in captured.err
    assert captured.out == ""
    assert len(captured.err) < 900


EXACT_TOO = ("len(loss) / 3 == 2 / 3", "sum(t > 0 for t in range(2)) / 3 == 1 / 3", "1 ** 10 ** 12 == 1")


@pytest.mark.parametrize("text", [*EXACT_TOO, "all(k / 3 * 3 == k for k, _ in enumerate(loss))", "depth in (1, 2)"])
def test_what_python_counts_is_exact_too(text):
    """len, sum and enumerate give exact numbers, which are divided exactly."""
    assert conjecture(text, [], 1).decide(SMALL).fate is Fate.HOLDS


@pytest.mark.parametrize("text", ["weights[0][-1][0, 0] == 2", "loss[-1] == loss[steps]", "len(weights[0][:1]) == 1"])
def test_places_count_from_the_end_too(text):
    """Of layers and of steps."""
    assert conjecture(text, [], 1).decide(SMALL).fate is Fate.HOLDS


def test_the_tables_are_of_what_there_is():
    """Each name is a property of the trajectory, each function and each space a function."""
    public = {name for name, member in vars(Trajectory).items() if isinstance(member, property) and name[0] != "_"}
    assert public == {*NAMES, "last_step"}
    assert set(NAMED) == set(FUNCTIONS)
    assert list(PLACES) == list(SPACES)
    assert {*SERIES, *NUMBERS} < set(NAMES)


def test_help_lists_every_name_and_space(capsys):
    """In 80 columns, with whose rights a function of a module runs, the bounds, and each exit code."""
    with pytest.raises(SystemExit):
        command.main(["--help"])
    told = capsys.readouterr().out
    words = " ".join(told.split())
    for name in (*NAMES, *PLACES, *NAMED, "your own Python, and runs with your rights", "1 GiB", "3 --out could not"):
        assert name in words
    assert all(NAMES.values())
    assert max(len(line) for line in told.splitlines() if "{problems,zero" not in line) <= 80
