"""What tests of formal proofs share: a prover, or none; entries with one thing changed."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path

import pytest

from claims.formal.building import built
from claims.formal.coq import MissingProverError, demanded, prover
from claims.formal.sources import shipped


def a_prover():
    """Coq; where it is missing the test is skipped, or fails where it is demanded."""
    try:
        return prover()
    except MissingProverError as error:
        if demanded():
            pytest.fail(str(error))
        return pytest.skip(str(error))


def compiled(text, files):
    """What Coq complains of in a text that rests on some of our files."""
    coq = a_prover()
    folders = {folder: None for file in files for folder in built(f"{file}.v", shipped(), coq)}
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "spoilt.v"
        path.write_text(text, encoding="utf-8")
        return coq.run(path, list(folders)).stderr


def spoilt(entries, uid, value, *place):
    """A copy of the entry with the value in that place, where it had another."""
    entry = copy.deepcopy(entries[uid])
    inside = entry
    for key in place[:-1]:
        inside = inside[key]
    assert inside[place[-1]] != value
    inside[place[-1]] = value
    return entry
