"""What is searched: a ratio that is to be large, on which networks, and what is decided at the state that was found.

A state can be kept as JSON of its numbers, which are exact; what is read is decided again before it is believed.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from claims.convergence.tightness import decisions
from claims.convergence.tightness.states import DEEP, WITH_HIDDEN
from strategies import looseness
from strategies.worst_states import FloatArray, Ratio, States, worst


@dataclass(frozen=True)
class Search:
    """One constant at one depth: ``shapes`` are the widths, ``lemma`` says whether the states are those of Lemma 7 in
    place of Theorem 1, and ``test`` is the check of ``pytest claims`` that makes the same search."""

    quantity: str
    test: str
    ratio: Ratio
    shapes: tuple[tuple[int, ...], ...]
    lemma: bool
    decide: Callable[[States], tuple[float, float]]

    def reported(self) -> tuple[str, float, float, str]:
        """What ``pytest claims`` reports, with the effort of its profile."""
        states, how = worst(self.ratio, self.shapes, lemma=self.lemma)
        return self.quantity, *self.decide(states), how


def least_rate(states: States) -> FloatArray:
    return 1 / looseness.first_failure(states, looseness.descends)


def least_rate_of_all(states: States) -> FloatArray:
    return 1 / looseness.first_failure(states, looseness.converges)


def slowness(states: States) -> FloatArray:
    return 1 / looseness.exponent(states)


def drift(depth: int) -> Search:
    name, test = "4.4 drift of the imbalance in one step", "invariants.py::test_drift_in_one_step"
    return _search(name, test, looseness.one_step_drift, depth, decisions.drift_in_one_step, lemma=True)


def norms(depth: int) -> Search:
    name, test = "4.4 norms of layers", "invariants.py::test_norms_of_layers"
    return _search(name, test, looseness.norm_after_a_step, depth, decisions.norms_of_layers)


def imbalance(depth: int) -> Search:
    name, test = "2.3 imbalance", "invariants.py::test_imbalance_along_the_way"
    return _search(name, test, looseness.imbalance_on_the_way, depth, decisions.imbalance_along_the_way)


def rate_of_the_lemma(depth: int) -> Search:
    name, test = "4.3 learning rate", "rates.py::test_learning_rate_of_the_descent_lemma"
    return _search(name, test, least_rate, depth, decisions.learning_rate_of_the_descent_lemma, lemma=True)


def rate_of_the_theorem(depth: int) -> Search:
    name, test = "4 learning rate", "rates.py::test_learning_rate_of_the_whole_theorem"
    return _search(name, test, least_rate_of_all, depth, decisions.learning_rate_of_the_whole_theorem)


def decay(depth: int) -> Search:
    name, test = "4 decay exponent", "rates.py::test_decay_exponent"
    return _search(name, test, slowness, depth, decisions.decay_exponent, ((3, *(1,) * depth),))


def _search(
    name: str,
    test: str,
    ratio: Ratio,
    depth: int,
    decide: Callable[[States], tuple[float, float]],
    more: tuple[tuple[int, ...], ...] = (),
    *,
    lemma: bool = False,
) -> Search:
    return Search(f"{name}, depth {depth}", f"{test}[{depth}]", ratio, (*DEEP[depth], *more), lemma, decide)


SEARCHES: dict[str, Search] = {
    search.quantity: search
    for search in (
        *(of_depth(depth) for of_depth in (drift, imbalance) for depth in WITH_HIDDEN),
        *(of_depth(depth) for of_depth in (norms, rate_of_the_lemma, rate_of_the_theorem, decay) for depth in DEEP),
    )
}
"""By quantity."""


class StateError(ValueError):
    """A text that is no state of a search, or one at which what it was kept for is not so."""


def state_text(search: Search, widths: tuple[int, ...], point: FloatArray) -> str:
    """The state at a point of a search, with the point."""
    states = States.at(point[None], widths, lemma=search.lemma)
    value = {
        "widths": list(widths),
        "weights": [matrix[0].tolist() for matrix in states.weights],
        "target": states.target[0].tolist(),
        "margin": float(states.margin[0]),
        "point": point.tolist(),
    }
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True)
class State:
    """What a text says: one network with its target and c, and the point of the search that it came from."""

    widths: tuple[int, ...]
    states: States
    point: FloatArray


def read_state(search: Search, text: str) -> State:
    """StateError for a text that is none of this search: of other widths, or of anything but finite numbers."""
    try:
        value = json.loads(text)
        widths = tuple(value["widths"])
        if widths not in search.shapes:
            raise StateError(f"widths are {str(widths)[:80]}; expected one of {search.shapes}")
        weights = tuple(
            _numbers(each, (1, b, a)) for each, (a, b) in zip(value["weights"], pairwise(widths), strict=True)
        )
        target, margin = _numbers(value["target"], (1, widths[-1], widths[0])), _numbers(value["margin"], (1,))
        return State(widths, States(weights, target, margin), _numbers(value["point"], (States.numbers(widths),)))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise StateError(f"no state of {search.quantity}: {error}") from error


def _numbers(value: Any, shape: tuple[int, ...]) -> FloatArray:
    found = np.array(value, dtype=float).reshape(shape)
    if not np.isfinite(found).all():
        raise StateError("a number is not finite")
    return found


def decided_again(search: Search, text: str) -> tuple[float, float]:
    """The two sides at the state that a text says, decided by this claim's code; StateError where it is none."""
    try:
        with np.errstate(all="ignore"):
            return search.decide(read_state(search, text).states)
    except (AssertionError, ArithmeticError, ValueError) as error:
        raise StateError(f"not so: {search.quantity}: {type(error).__name__} {str(error)[:200]}") from error
