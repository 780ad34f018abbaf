"""``site``: the atlas as a static web site, a page for every claim and counterexample."""

from __future__ import annotations

import argparse
from pathlib import Path

from claims.command_line.errors import UsageError

EXAMPLES = """\
examples:
  %(prog)s out
  %(prog)s out --evidence evidence.json
  %(prog)s out --figures figures

evidence.json is what `pytest claims --claims-json evidence.json` writes.
"""


FIGURES = "expected one to which `experiment NAME --out DIR` wrote"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Write the atlas as a static web site: a permanent page for every claim and\n"
        "every counterexample. Open OUT/index.html, or put OUT on any host: it needs no\n"
        "server and fetches nothing. A site that OUT holds already is replaced whole."
    )
    parser.epilog = EXAMPLES
    parser.add_argument("out", metavar="OUT", type=Path, help="the directory: empty, a site, or not there yet")
    parser.add_argument("--evidence", metavar="FILE", type=Path, help="a run's JSON: counts, seconds, constants")
    parser.add_argument("--ledger", metavar="FILE", type=Path, help="a campaign's ledger: totals of each claim")
    parser.add_argument("--figures", metavar="DIR", type=Path, help="what `experiment NAME --out DIR` wrote")


def run(arguments: argparse.Namespace) -> int:
    try:
        from claims.site.building import build
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("claims", "solvers"):
            raise
        raise UsageError(f"needs {error.name}, which is not installed; expected `pip install '.[site]'`") from None
    from claims.site.material import material

    if arguments.figures is not None and not arguments.figures.is_dir():
        raise UsageError(f"--figures is {arguments.figures}, which is no directory; {FIGURES}")
    pages = build(arguments.out, material(arguments.evidence, arguments.figures, arguments.ledger))
    print(f"{pages} pages in {arguments.out}: open {arguments.out / 'index.html'}")
    return 0
