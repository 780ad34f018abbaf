"""What the tests of the hunter share: a hunt without its process, its report, and a small problem."""

import json

import numpy as np

from claims.suite import hunt as command
from claims.suite.hunting.worker import work
from solvers import Problem

ONE = ("--max-width=1",)
SMALL = Problem((np.array([[1.0]]), np.array([[2.0]])), np.array([[3.0]]), 0.5)


def inside(request, tell):
    """In place of ``bounded``: the same work, in this process, with what is told as JSON tells it."""
    report = {}

    def take(message):
        told = json.loads(json.dumps(message))
        report.update(told.get("report", {}), **{key: told[key] for key in ("refused",) if key in told})
        if "report" in told and "end" not in told:
            tell(report)

    work(json.loads(json.dumps(request)), take, lambda: False)
    return report


def hunted(capsys, *arguments):
    """Exit code and JSON report; time never ends it."""
    code = command.main([*arguments, "--json", "--seconds=3600"])
    return code, json.loads(capsys.readouterr().out)
