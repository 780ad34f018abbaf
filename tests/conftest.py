"""Every test here draws as many examples as the claims do, unless the user names another profile."""

import json

import pytest

from claims.suite import profiles

profiles.load_default()


@pytest.fixture
def own_file(tmp_path):
    """``own_file(weights=...)``: a counterexample of the user's own in a file, with the right digest."""
    from claims.command_line.counterexample_files import counterexample_files
    from claims.counterexamples.catalogue import digest

    def write(**changes):
        content = dict(counterexample_files()["DLX-001"].content) | changes
        content["sha256"] = digest(content)
        path = tmp_path / "found.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return write
