"""The command line, ``python -m claims``: one module a command, each with ``add_arguments`` and ``run``.

It imports no claim, no solver and no pytest until a command needs them: metadata is read from the claims' syntax trees
(:mod:`claims.command_line.claim_files`) and counterexamples are JSON, so that to list and to cite takes no time.
"""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, that of the process by default; the exit code, 130 for Ctrl-C, however early it comes."""
    try:
        from claims.command_line.program import run

        return run(arguments)
    except KeyboardInterrupt:
        return 130
