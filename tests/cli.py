"""``python -m claims`` in this process: what it answers, everything that can be asked for, and LaTeX looked
at without LaTeX."""

import re
from fractions import Fraction

import numpy as np

from claims.command_line import main
from claims.command_line.claim_files import claim_files
from claims.command_line.counterexample_files import counterexample_files

COUNTEREXAMPLES = sorted(counterexample_files())
NETWORKS = [uid for uid, entry in counterexample_files().items() if not entry.model]
LANDSCAPES = [uid for uid, entry in counterexample_files().items() if entry.room == "landscape"]
SHALLOW = [uid for uid, entry in counterexample_files().items() if entry.room == "shallow"]
UIDS = [*claim_files(), *COUNTEREXAMPLES]


def answer(capsys, *arguments):
    """The exit code, what was printed and what was complained of."""
    code = main(arguments)
    return code, *capsys.readouterr()


def printed(capsys, *arguments):
    """What a command that ends well prints."""
    code, output, complaint = answer(capsys, *arguments)
    assert (code, complaint) == (0, "")
    return output


SPECIAL = re.compile(r"(?<!\\)[#$%&_^~<>|\"]")


def check_latex(fragment):
    """Braces, environments and mathematics are closed; outside of them no character has a meaning of its own."""
    fragment = "\n".join(line for line in fragment.splitlines() if not line.startswith("%"))
    assert "verbatim" not in fragment
    bare = re.sub(r"\\[{}\\]", "", fragment)
    depths = np.cumsum([{"{": 1, "}": -1}.get(character, 0) for character in bare])
    assert depths.min(initial=0) == 0
    assert depths[-1] == 0
    assert fragment.isascii()
    opened = []
    for word, name in re.findall(r"\\(begin|end)\{(\w+)\}", fragment):
        if word == "begin":
            opened.append(name)
        else:
            assert opened.pop() == name
    assert not opened
    outside = re.sub(r"\\\[.*?\\\]|\$[^$]*\$", "", fragment)
    for table in re.findall(r"\\begin\{tabular\}.*?\\end\{tabular\}", outside, re.DOTALL):
        form, *rows = table.splitlines()[:-1]
        assert all(row.count(" & ") + 1 == len(re.findall(r"l(?!i)|p\{", form.split("}", 1)[1])) for row in rows), table
        outside = outside.replace(table, table.replace(" & ", " "))
    outside = re.sub(r"(?m)^\\begin\{tabular\}.*$", "", outside)
    assert not SPECIAL.search(outside), outside
    assert "\\[" not in outside
    for array in re.findall(r"\\begin\{array\}\{(r+)\}(.*?)\\end\{array\}", fragment):
        assert all(row.count("&") + 1 == len(array[0]) for row in array[1].split(r"\\"))
    assert fragment.count(r"\left(") == fragment.count(r"\right)") == fragment.count(r"\begin{array}")


def matrices(fragment):
    """{name: matrix} of the displayed equations, as fractions: read back from the LaTeX."""
    found = {}
    for equation in re.findall(r"\\\[ (.*?) \\\]", fragment):
        *names, value = equation.split(" = ")
        assert "/" not in value
        body = re.sub(r"\\left\(\\begin\{array\}\{r+\}|\\end\{array\}\\right\)", "", value)
        numbers = re.sub(r"\\frac\{(\d+)\}\{(\d+)\}", r"\1/\2", body)
        matrix = [[Fraction(number.strip()) for number in row.split("&")] for row in numbers.split(r"\\")]
        found |= dict.fromkeys(names, matrix)
    return found
