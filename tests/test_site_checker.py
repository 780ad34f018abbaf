"""The checker in the browser: run by Node on every counterexample and every tampering that check.py is tested with."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from claims.counterexamples.catalogue import SHIPPED, load
from claims.counterexamples.check import check
from claims.site import checker

FOLDER = Path(checker.__file__).parent / "static" / "check"
FILES = {path.stem: path.read_text("utf-8") for path in sorted(SHIPPED.glob("DLX-*.json"))}
CONTENT = {uid: json.loads(text) for uid, text in FILES.items()}
ANSWERS = """
for (const script of process.argv.slice(1)) require(script);
const lines = require("fs").readFileSync(0, "utf8").split("\\n").filter(Boolean);
for (const line of lines) {
  const { name, text, bytes } = JSON.parse(line);
  const source = text ?? Buffer.from(bytes, "base64");
  process.stdout.write(`${JSON.stringify(globalThis.DLC.check(source, name))}\\n`);
}
"""


def node(script, *arguments, given=""):
    """What Node prints, which the tests cannot do without."""
    command = shutil.which("node")
    assert command, "node is not installed; expected Node.js 18 or later, as Debian's nodejs"
    result = subprocess.run(
        [command, "-e", script, *arguments], input=given, capture_output=True, text=True, timeout=120, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def answers(sources):
    """The checker's answers to (name, text), from one process."""
    lines = "\n".join(json.dumps({"name": name, "text": text}) for name, text in sources)
    scripts = [str(FOLDER / script) for script in checker.SCRIPTS]
    return [json.loads(line) for line in node(ANSWERS, *scripts, given=lines).splitlines()]


def by_python(name, text, directory):
    """Whether check.py verifies a file that has the form of its schema."""
    path = directory / name
    path.write_text(text, encoding="utf-8")
    try:
        check(path)
        load(path)
    except ValueError:
        return False
    return True


def test_the_scripts_are_those_of_the_folder():
    assert sorted(checker.SCRIPTS) == sorted(path.name for path in FOLDER.iterdir())


@pytest.fixture(scope="module")
def shipped():
    return dict(zip(FILES, answers((f"{uid}.json", text) for uid, text in FILES.items()), strict=True))


@pytest.mark.parametrize("uid", FILES)
def test_every_counterexample_is_verified(uid, shipped):
    """By steps that hold, and with the numbers that its certificate names."""
    found = shipped[uid]
    assert (found["state"], found["verified"]) == ("verified", True), found["reason"]
    assert (found["uid"], found["kind"]) == (uid, CONTENT[uid]["certificate"]["kind"])
    assert all(step["holds"] for step in found["steps"])
    assert sum(step["relation"] != "" for step in found["steps"]) >= 2
    assert re.search(r"; refutes (DL-\d{3} with|a stronger DL-\d{3})", found["reason"])
