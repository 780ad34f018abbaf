"""Every test here draws as many examples as the claims do, unless the user names another profile."""

import json
import os
import time
from pathlib import Path

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


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The site of DLC_SITE, or else as it is now, in a directory whose name has a space, as people's have."""
    from claims.site.building import build
    from claims.site.material import material

    if given := os.environ.get("DLC_SITE"):
        return Path(given).resolve()
    out = tmp_path_factory.mktemp("the site") / "of claims"
    start = time.process_time()
    build(out, material())
    assert time.process_time() - start < 60
    return out


@pytest.fixture(scope="module")
def browser():
    """A Chromium; no longer than a module, since Playwright has an event loop of its own."""
    from browser import launched

    with launched() as opened:
        yield opened
