"""Where workers of xdist begin to import: each elsewhere, so that they do not all do the same work at the same time.

In a fresh clone pytest rewrites the asserts of every file that is imported, which is more than half of what collection
takes, and keeps the result for whoever imports the file next. Workers that collect side by side would each rewrite all
of them. So the second of two begins in the middle and goes round: then each rewrites a half, and reads the other.
"""

from __future__ import annotations

import contextlib
import importlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from claims.book import CLAIMS, claim_paths, evidence_paths, module_name


@cache
def import_all(config: pytest.Config) -> None:
    """Import every file of evidence, once, where this is a worker of a run of all of them; else do nothing.

    What raises is left to its collection, which imports it again and tells the error.
    """
    worker = getattr(config, "workerinput", {"workerid": ""})
    numbered = re.fullmatch(r"gw([0-9]+)", worker["workerid"])
    if not numbered or not _is_of_all(config):
        return
    files = [path for claim in claim_paths() for path in evidence_paths(claim)]
    for path in from_place(files, int(numbered[1]), worker["workercount"]):
        with contextlib.suppress(Exception):
            importlib.import_module(module_name(path))


def from_place(files: Sequence[Path], number: int, count: int) -> list[Path]:
    """All of them, from where worker ``number`` of ``count`` begins, round to there."""
    start = len(files) * number // count
    return [*files[start:], *files[:start]]


def _is_of_all(config: pytest.Config) -> bool:
    """Whether the claims are asked for as a whole, and no selection leaves files unread."""
    asked = {Path(config.invocation_params.dir, argument).resolve() for argument in config.args}
    return CLAIMS in asked and not (config.option.keyword or config.option.markexpr)
