"""The scripts of the checker in the browser, run by Node, and the answers of check.py beside theirs."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from pathlib import Path

from claims.counterexamples.catalogue import SHIPPED, load
from claims.counterexamples.check import check
from claims.site import checker

FOLDER = Path(checker.__file__).parent / "static" / "check"
SCRIPTS = [str(FOLDER / script) for script in checker.SCRIPTS]
FILES = {path.stem: path.read_text("utf-8") for path in sorted(SHIPPED.glob("DLX-*.json"))}
CONTENT = {uid: json.loads(text) for uid, text in FILES.items()}
STEP = {"sentence": str, "left": str, "relation": str, "right": str, "holds": bool}
ANSWER = {"state": str, "verified": bool, "uid": str, "kind": str, "reason": str, "steps": list}
LOADED = "for (const script of process.argv.slice(1)) require(script); const { DLC } = globalThis;"
EACH_LINE = """
const lines = require("fs").readFileSync(0, "utf8").split("\\n").filter(Boolean).map(JSON.parse);
for (const line of lines) process.stdout.write(`${JSON.stringify(answer(line))}\\n`);
"""
CHECK = "const answer = ({ name, bytes }) => DLC.check(Buffer.from(bytes, 'base64'), name);"


def node(function, given):
    """What a function ``answer`` in JavaScript makes of each of the values given, by one process of Node."""
    command = shutil.which("node")
    assert command, "there is no Node.js; expected node 18 or later, as `apt-get install nodejs` has it"
    result = subprocess.run(
        [command, "-e", LOADED + function + EACH_LINE, *SCRIPTS],
        input="\n".join(map(json.dumps, given)),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def as_bytes(source):
    """A file's content, text or bytes as what the file has."""
    text = source if isinstance(source, str | bytes) else json.dumps(source)
    return text.encode() if isinstance(text, str) else text


def checked(sources):
    """The checker's answers to (name, content, text or bytes), each of the form that pages rely on."""
    lines = [{"name": name, "bytes": base64.b64encode(as_bytes(source)).decode()} for name, source in sources]
    found = node(CHECK, lines)
    for answer in found:
        assert {key: type(value) for key, value in answer.items()} == ANSWER
        assert answer["verified"] == (answer["state"] == "verified")
        assert all({key: type(value) for key, value in step.items()} == STEP for step in answer["steps"])
        holds = [step["holds"] for step in answer["steps"]]
        expected = {"verified": [True], "refused": [False], "unchecked": [True]}[answer["state"]]
        assert holds == [True] * (len(holds) - 1) + expected[: len(holds)]
        assert 0 < len(answer["reason"]) < 9000
        assert not re.search(r"(Type|Range|Syntax|Reference)Error|undefined|\[object", answer["reason"]), answer[
            "reason"
        ]
    return found


def by_python(name, source, directory):
    """Whether check.py verifies what is of the form that the schema asks for."""
    path = directory / name
    path.write_bytes(as_bytes(source))
    try:
        check(path)
        load(path)
    except ValueError:
        return False
    return True


def compared(cases, directory):
    """The states of the answers to (label, name, source), where both checkers agree on all of them."""
    found = checked((name, source) for _, name, source in cases)
    differ = [
        (label, answer["state"], answer["reason"])
        for (label, name, source), answer in zip(cases, found, strict=True)
        if by_python(name, source, directory) != answer["verified"]
    ]
    assert not differ
    return {label: answer["state"] for (label, *_), answer in zip(cases, found, strict=True)}
