"""Files about networks that are refused for one thing alone: what is false in each is in its name."""

from __future__ import annotations

import json
import math
from fractions import Fraction

from claims.counterexamples.catalogue import digest
from tests.test_counterexample_checker import GOOD, certificate, entry, network

ZEROS = [["0", "0"], ["0", "0"]]
I2, AWAY = [["1", "0"], ["0", "1"]], [["-1", "0"], ["0", "-1"]]
ONES, BACK = [["1", "1"], ["0", "1"]], [["1", "0"], ["1", "1"]]
MIXED = [["2", "1"], ["1", "2"]]
NEGATIVE = {"margin": "negative"}
ROOT = math.isqrt(2 << 256)
"""sqrt(2) 2^128, rounded down."""


def sealed(content):
    return content | {"sha256": digest(content)}


def refuting(content, **parts):
    """With other parts of what it refutes."""
    content["refutes"] |= parts
    return sealed(content)


def said(content, **parts):
    """With other parts of its certificate."""
    content["certificate"] |= parts
    return sealed(content)


def conjecture(content):
    """What refutes a conjecture of one's own."""
    return refuting(content, claim="", hypothesis="", change="", source="")


def fact(text, steps=0, **parts):
    """Two layers of zeros at the target 1, and a comparison of one's own."""
    content = entry("DLX-026", weights=[[["0"]]] * 2, target=[["1"]], **parts)
    content["certificate"] |= {"violates": text, "steps": steps}
    content["certificate"]["start"] = {"margin": "0", "imbalance_squared": "0", "loss": "1/2"}
    return conjecture(content)


def started(uid, **parts):
    """With another statement about the start."""
    content = entry(uid)
    content["certificate"]["start"] |= parts
    return sealed(content)


def scalars(uid, *weights, **parts):
    """A network of width 1, and the start that it has."""
    return network(uid, widths=[1] * (len(weights) + 1), weights=[[[w]] for w in weights], **parts)


def added(uid, **generator):
    """An invariant set with one polynomial more."""
    content = entry(uid)
    content["certificate"]["set"].append(["z", generator["text"], generator.get("proof", "")])
    return sealed(content)


def four_zeros():
    """The direction along which the loss rises."""
    content = scalars("DLX-024", "0", "0", "0", "0")
    return said(content, direction=[[["1"]]] * 3 + [[["-1"]]], value="-1")


UNSEALED = entry("DLX-001") | {"title": "another title"}
SQUARE = [["s", "w - 1"]]
TEN = 10**600
TEXTS = {
    "a bare number that is negative": GOOD.replace('"steps": 0', '"steps": -0'),
    "a file that is too large": GOOD + " " * 70000,
    "a title that was changed": json.dumps(UNSEALED),
}
GUARDS = {
    # the start
    "a loss that is another": started("DLX-026", loss="1/7"),
    "an imbalance that is another": started("DLX-026", imbalance_squared="1"),
    "a margin that is not negative": started("DLX-026", margin="negative"),
    "a margin that is another": started("DLX-026", margin="2"),
    "a margin that is less": started("DLX-026", margin="at least 2"),
    "a margin that is only nearly this": started(
        "DLX-025",
        margin=str(1 - Fraction(math.isqrt(4 * 5 << 256), 5 << 128) - Fraction(1, 2**128)),
    ),
    # numbers and shapes
    "ten layers": entry("DLX-001", widths=[1] * 11, weights=[[["1"]]] * 10),
    "a width that is a flag": entry("DLX-001", widths=[True, 1, 1]),
    "a layer of seventeen units": said(
        entry("DLX-006", widths=[1, 17, 1], weights=[[["0"]] * 17, [["0"] * 17]], target=[["1"]]),
        start={"margin": "0", "imbalance_squared": "0", "loss": "1/2"},
        loss="1/2",
    ),
    "a learning rate below 0": conjecture(entry("DLX-006", learning_rate="-1")),
    "learning rates up to 0": conjecture(entry("DLX-001", learning_rate="every at most 0")),
    "a number of 601 digits": said(
        entry("DLX-001", target=[[f"-{TEN}"]]),
        start={"margin": "-1", "imbalance_squared": "0", "loss": str(Fraction((TEN + 1) ** 2, 2))},
        loss=str(Fraction(TEN**2, 2)),
    ),
    "a number not in lowest terms": entry("DLX-001", target=[["-2/2"]]),
    "a power with a zero in front": said(entry("DLX-004"), loss=["1/2", "a^03 + 1/2*a^6"]),
    "a uid of another form": sealed(entry("DLX-001") | {"uid": "DLX-1"}),
    "a schema that is another": entry("DLX-001", schema="deep-linear-claims/counterexample/9"),
    # what is refuted
    "a theorem of no such hypotheses": refuting(entry("DLX-001"), claim="DL-005"),
    "a claim of something else": refuting(entry("DLX-026"), claim="DL-002"),
    "a change of no hypothesis": refuting(entry("DLX-026"), change="dropped"),
    "what is so at one step": refuting(entry("DLX-026"), claim="DL-004", hypothesis="learning rate", change="dropped"),
    "no margin, and no balance": said(scalars("DLX-006", "0", "0", "1", target=[["1"]]), loss="1/2"),
    "no margin at one learning rate": entry("DLX-006", learning_rate="1/2"),
    "a margin of 0 that is dropped": refuting(entry("DLX-006"), change="dropped"),
    "a width that is not missing": refuting(entry("DLX-006"), hypothesis="width", change="one less, margin exactly 0"),
    "a width that is missing": refuting(entry("DLX-008"), hypothesis="margin", change="exactly 0"),
    "a negative margin at too large a learning rate": said(
        scalars("DLX-015", "5", target=[["1"]], learning_rate="2", start={"margin": "-3"}), loss="8"
    ),
    "two hypotheses that fail": scalars("DLX-009", "1/150", "1/150", "30000", learning_rate="1/10000"),
    "a hypothesis that holds": refuting(entry("DLX-015"), hypothesis="balance", change="dropped"),
    "a change that is smaller": refuting(entry("DLX-021"), change="x 9000"),
    # finite statements
    "an exponent of nothing": said(entry("DLX-026"), exponent="1"),
    "a comparison at no learning rate": fact("loss[0] > 0", learning_rate="every"),
    "a loss that falls": network("DLX-026", learning_rate="1/10"),
    "balance that was not there": network(
        "DLX-027", weights=[[["2"]], [["1"], ["0"]]], target=[["1"], ["0"]], start={"margin": "0"}
    ),
    "balance that is kept": network(
        "DLX-027", widths=[1, 1, 1], weights=[[["1"]], [["1"]]], target=[["2"]], start={"margin": "1"}
    ),
    "weights below 2": scalars("DLX-029", *["-19/10"] * 3, learning_rate="2", start={"margin": "-6859/1000"}),
    "a learning rate below 20 C^(2-2N)": entry("DLX-029", learning_rate="6/5"),
    "weights of two units": network(
        "DLX-029", widths=[1, 2, 1, 1], weights=[[["-2"], ["-2"]], [["-2", "0"]], [["-2"]]]
    ),
    "weights after two steps": certificate("DLX-029", steps=2),
    "weights that do not grow": network("DLX-029", target=[["-7"]], start={"margin": "6"}),
    "an imbalance without a margin": network("DLX-028", target=[["0"], ["3"]], start={"margin": "-2"}),
    "an imbalance from the start": network("DLX-028", weights=[[["1"]], [["4"], ["0"]]]),
    "an imbalance within 2 delta": entry("DLX-028", learning_rate="1/248"),
    "an exponent below 0": refuting(said(entry("DLX-021", learning_rate="5/2"), exponent="-1/2"), change="dropped"),
    "an exponent beyond the guarantee": said(entry("DLX-021"), exponent="2"),
    "an exponent that is reached": said(entry("DLX-021"), exponent="1"),
    # identities and ranks
    "an identity at one learning rate": entry("DLX-024", learning_rate="1/2"),
    "two layers of zeros": scalars("DLX-024", "0", "0", "1"),
    "an identity of something else": conjecture(said(entry("DLX-025"), of="nothing")),
    "a vector that is no unit": said(
        network("DLX-025", weights=[[["6/5", "8/5"]], [["2"]], [["2"]]], start=NEGATIVE), value="64/15"
    ),
    "a field without balance": network("DLX-025", weights=[[["3/5", "4/5"]], [["2"]], [["1/2"]]]),
    "an identity of another value": said(entry("DLX-024"), value="2"),
    "a loss that rises along the line": four_zeros(),
    "a curl of 0": said(network("DLX-025", target=[["0", "0"]], start={"margin": "-1"}), value="0"),
    "a rank that is no obstacle": said(
        network("DLX-023", target=[["1", "0", "0"], ["0", "0", "0"], ["0", "0", "0"]]), loss="0"
    ),
    "a rank of another loss": said(entry("DLX-023"), loss="3"),
    # for all time
    "a critical point of no loss": conjecture(
        said(scalars("DLX-019", "1", "1", target=[["1"]], start={"margin": "1"}), steps=0, loss="0")
    ),
    "a critical point of another loss": said(entry("DLX-009"), loss="1/3"),
    "a point that is not critical": said(entry("DLX-019"), steps=0, loss="1/2"),
    "a number of steps that is a flag": said(entry("DLX-019"), steps=True),
    "steps at every learning rate": said(entry("DLX-006"), steps=3),
    "a period that is shorter": certificate("DLX-015", period=4),
    "a period that is none": said(entry("DLX-017"), period=3),
    "vectors that are no mode": conjecture(
        said(
            network(
                "DLX-001", widths=[2, 2, 2], weights=[ONES, ONES], target=[["-1", "0"], ["0", "1"]], start=NEGATIVE
            ),
            mode=[["1", "0"]] * 3,
        )
    ),
    "vectors of two lengths": conjecture(
        said(
            network("DLX-007", widths=[2, 2, 2], weights=[ZEROS, ZEROS], target=AWAY),
            mode=[["1", "1"], ["2", "2"], ["1", "1"]],
        )
    ),
    "equal layers of two units": network("DLX-001", widths=[2, 2, 2], weights=[I2, I2], target=AWAY, start=NEGATIVE),
    "layers that are not equal": conjecture(scalars("DLX-001", "1", "-1", start={"margin": "1"})),
    "an odd depth": scalars("DLX-001", "1", "1", "1"),
    "a target that is positive": scalars("DLX-001", "2", "2", target=[["1"]], start={"margin": "-2"}),
    "a set of two units": network("DLX-004", widths=[2] * 4, weights=[I2] * 3, target=AWAY, start=NEGATIVE),
    "a name of two values": conjecture(scalars("DLX-004", "2", "1", "1", start={"margin": "-2"})),
    "a weight by the name of the learning rate": conjecture(
        said(
            scalars("DLX-004", "1", "1", learning_rate="every"),
            names=["eta", "eta"],
            set=[],
            squares=[["q", "eta"]],
            loss=["1/2", "q^2 + 1/2*q^4"],
        )
    ),
    "a weight that is taken for the learning rate": said(
        scalars("DLX-004", "1", learning_rate="every at most 1/2"),
        names=["eta"],
        set=[["a", "eta", ""]],
        loss=["1/2", "a + 1/2*a^2"],
    ),
    "a proof with a minus": said(entry("DLX-004"), loss=["1/2", "a^3 + 1/2*a^6 + b - b"]),
    "a proof with an odd power of a square": said(
        entry("DLX-004"), set=[["b", "1 - w", "b + a^2*h + a^5*h"], ["h", "eta", ""]], squares=[["a", "w"]]
    ),
    "a proof of something else": said(entry("DLX-004"), loss=["1/2", "a^3 + a^6"]),
    "a set without the start": added("DLX-004", text="-1"),
    "a set without the largest learning rate": added("DLX-004", text="1/4 - eta"),
    "a set without a learning rate between": added("DLX-004", text="1/5 - eta^2"),
    "growth of what is negative": said(entry("DLX-020"), squares=SQUARE, growth=[["2*w - w^2 - 1", "3", "3/4*s^2"]]),
    "growth by the factor 1/2": said(
        entry("DLX-020"), squares=SQUARE, growth=[["1/2*w^2 - w + 1/2", "1/2", "7/8*s^2"]]
    ),
    # comparisons of one's own
    "a division by what may be 0": fact("1/(sqrt(2) - sqrt(2)) < 2**64 * 2**64 * 2**10"),
    "an exponent of which one end is whole": fact(f"2**(-1 - (sqrt(2) - {ROOT}/(2**64 * 2**64))) == 1/2"),
    "an exponent that is not whole": fact("2**(1/2) == 1"),
    "an exponent that is too large": fact("1**65 == 1"),
    "a root of what is negative": fact("sqrt(0 - 1) > 0"),
    "a number of no name": fact("luck > 0"),
    "a loss of no step": fact("loss > 0"),
    "a step that is not run": fact("loss[1] > 0"),
    "an entry of a number": fact("loss[0][0] > 0"),
    "an entry that is not there": fact("weights[0][2] > 0"),
    "a list": fact("weights[0] > 0"),
    "some steps": fact("loss[0:1] > 0"),
    "a step that is a flag": fact("loss[False] > 0"),
    "a pair": fact("(1, 2) > 0"),
    "no comparison": fact("-(0 < 1)"),
    "two comparisons": fact("0 < 1 < 0"),
    "a root that is only nearly a number": fact(f"sqrt(2) == ({ROOT} + 1)/(2**64 * 2**64)"),
    "a number that is only nearly a root": fact(f"{ROOT}/(2**64 * 2**64) == sqrt(2)"),
    "two numbers": fact("1 == 2"),
    # what the solvers and SymPy are asked besides
    "a set without a learning rate in the middle": added("DLX-004", text="eta^2 - 1/2*eta + 21/400"),
    "a polynomial of no name": added("DLX-004", text="z"),
    "a start that is moved by no learning rate": said(entry("DLX-004"), steps=1),
    "a set that allows a loss of 0": said(entry("DLX-004"), loss=["0", "1/2 + a^3 + 1/2*a^6"]),
    "a vector too few": said(entry("DLX-002"), mode=[["1", "-1"]] * 2),
    "vectors of zeros": said(entry("DLX-002"), mode=[["0", "0"]] * 3),
    "vectors that are a mode backwards": conjecture(
        said(
            network("DLX-001", widths=[2] * 3, weights=[BACK] * 2, target=[["-1", "0"], ["0", "1"]], start=NEGATIVE),
            mode=[["1", "0"]] * 3,
        )
    ),
    "a width that is dropped": said(
        refuting(
            network("DLX-008", weights=[[["0", "0"]], [["0"], ["0"]]], target=I2, start=NEGATIVE), change="dropped"
        ),
        loss="1",
    ),
    "balance without a margin": refuting(entry("DLX-002"), hypothesis="balance"),
    "a cycle at every learning rate": conjecture(
        said(scalars("DLX-015", "2", "2", target=[["2"]], learning_rate="every", start={"margin": "0"}), loss="2")
    ),
    "no bottleneck": said(scalars("DLX-023", "1", "1", target=[["2"]], start={"margin": "1"}), loss="2"),
    "a singular value that is not the least": network(
        "DLX-023", target=[["1", "0", "0"], ["0", "2", "0"], ["0", "0", "3"]]
    ),
    "three inputs": network(
        "DLX-025",
        widths=[3, 1, 1, 1],
        weights=[[["3/5", "4/5", "0"]], [["1"]], [["1"]]],
        target=[["0", "0", "0"]],
        start={"margin": "-1"},
    ),
    "no step": certificate("DLX-026", steps=0),
    "a learning rate of no theorem": refuting(entry("DLX-015"), claim="DL-005"),
    # shapes
    "a row too many": entry("DLX-001", target=[["-1"], ["-1"]]),
    "a column too many": entry("DLX-001", target=[["-1", "-1"]]),
    "a bare number in a matrix": entry("DLX-001", target=[[1]]),
}
"""By what is false."""

SYMMETRIC = network("DLX-026", widths=[2] * 3, weights=[ZEROS] * 2, target=MIXED, start=NEGATIVE)
TRUE = {
    "a margin of no diagonal matrix": conjecture(
        said(
            network(
                "DLX-026",
                widths=[2, 2, 2],
                weights=[[["2", "1"], ["1", "5/2"]], I2],
                target=MIXED,
                start={"margin": "1/2"},
            ),
            violates="loss[0] == 1/8",
            steps=0,
        )
    ),
    "numbers without their signs": fact("abs(-1) == 1; abs(1) == 1; abs(sqrt(2) - sqrt(2)) < 1"),
    "a least singular value": conjecture(said(SYMMETRIC, violates="target_sigma_min == 1", steps=0)),
    "a singular value of 0": conjecture(
        said(
            network("DLX-026", widths=[2, 2, 2], weights=[ZEROS, ZEROS], target=ZEROS, start={"margin": "0"}),
            violates="target_sigma_min == 0",
            steps=0,
        )
    ),
}
"""By what is true, and is not where something else than a guard is taken to hold."""
