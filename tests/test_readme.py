"""The README's Python session gives what it shows."""

import doctest
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"


def test_the_session_in_the_readme():
    """Every line that begins with >>>, against the output below it."""
    session = "\n".join(line.replace("```", "") for line in README.read_text(encoding="utf-8").splitlines())
    test = doctest.DocTestParser().get_doctest(session, {}, "README.md", str(README), 0)
    result = doctest.DocTestRunner().run(test)
    assert result.failed == 0
    assert result.attempted >= 8
