"""The README's Python session gives what it shows, and the claim that it adds is verified."""

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"


def test_the_session_in_the_readme():
    """Every line that begins with >>>, against the output below it."""
    session = "\n".join(line.replace("```", "") for line in README.read_text(encoding="utf-8").splitlines())
    test = doctest.DocTestParser().get_doctest(session, {}, "README.md", str(README), 0)
    result = doctest.DocTestRunner().run(test)
    assert result.failed == 0
    assert result.attempted >= 8


def test_the_claim_in_the_readme_works(tmp_path):
    """Put where the README says, into a copy of the project, it passes as it is."""
    (claim,) = re.findall(r"^```python\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (place,) = set(re.findall(r"`(claims/\w+/\w+\.py)` it passes", README.read_text(encoding="utf-8")))
    for package in ("claims", "solvers", "strategies"):
        shutil.copytree(README.parent / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(README.parent / "pyproject.toml", tmp_path)
    (tmp_path / place).write_text(claim, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-P", "-m", "pytest", "-p", "no:cacheprovider", place]
    ran = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert re.search(r"DL-999 .*theorem +- +1 +1/25 +1/25 +1 +1 ", ran.stdout), ran.stdout
    assert "5 passed" in ran.stdout
