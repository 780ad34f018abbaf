"""A citation in the forms that a page offers to copy."""

from __future__ import annotations

from claims.command_line.citing import bibtex, latex, text
from claims.command_line.records import Record


def cited(record: Record) -> list[tuple[str, str]]:
    """(name of the form, the citation), as ``cite`` gives them."""
    return [("BibTeX", bibtex([record])), ("LaTeX", latex(record)), ("Text", text(record))]
