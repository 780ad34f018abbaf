"""What the certificate of a model shows, and which claim that bears on; for every form of file that has a model."""

from collections.abc import Callable, Mapping
from typing import Any

from claims.counterexamples.rationals import require

Said = dict[str, Any]


def verified_model(
    entry: Said,
    model: Said,
    bears_on: Mapping[str, Mapping[str, str]],
    known: Mapping[str, Callable[[Said, Said], str]],
) -> str:
    """What the certificate shows of a model, in words; ``bears_on`` has the claim for each model and kind."""
    said, refutes = entry["certificate"], entry["refutes"]
    kinds = bears_on[model["model"]]
    require(said["kind"] in kinds, f"{said['kind']!a:.20} is no kind of certificate for this model")
    bears = kinds[said["kind"]]
    require(refutes["claim"] in ("", bears), f"it bears on {bears}, or on a conjecture")
    require(not refutes["hypothesis"] and not refutes["change"], "hypothesis and change: expected none")
    shown = known[said["kind"]](model, said)
    return f"{shown}; refutes {f'a stronger {bears}' if refutes['claim'] else 'a conjecture'}"
