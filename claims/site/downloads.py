"""A counterexample to take along: its own file, and what ``export`` and ``cite`` make of it, beside its page."""

from __future__ import annotations

from dataclasses import dataclass

from claims.command_line.citing import bibtex
from claims.command_line.counterexample_files import CounterexampleFile
from claims.command_line.errors import UsageError
from claims.command_line.exporting import latex_code, numpy_code, python_code
from claims.site.pages import File


@dataclass(frozen=True)
class Download:
    """A file with what it is for; ``content`` is empty where there can be none, and ``words`` say why."""

    form: str
    name: str
    words: str
    content: bytes

    def beside(self, page: str) -> File:
        """The file in the page's own directory."""
        return File(f"{page}/{self.name}", self.content)


def downloads(entry: CounterexampleFile) -> list[Download]:
    """In every form; the JSON is the file that the catalogue has, byte by byte."""
    uid = entry.uid
    return [
        Download("JSON", f"{uid}.json", "the file itself, which every checker takes", entry.path.read_bytes()),
        _numpy(entry),
        Download("Python", f"{uid}_exact.py", "exact fractions", python_code(entry).encode()),
        Download("LaTeX", f"{uid}.tex", "the exact matrices", latex_code(entry).encode()),
        Download("BibTeX", f"{uid}.bib", "the citation", f"{bibtex([entry])}\n".encode()),
    ]


def _numpy(entry: CounterexampleFile) -> Download:
    try:
        return Download("NumPy", f"{entry.uid}_numpy.py", "arrays in float64", numpy_code(entry).encode())
    except UsageError as error:
        return Download("NumPy", f"{entry.uid}_numpy.py", str(error), b"")
