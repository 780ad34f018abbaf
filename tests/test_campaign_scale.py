"""What plans a campaign and keeps its records keeps up with a thousand workers, who are stubs here.

``DLC_PIECES=100000 pytest tests/test_campaign_scale.py -s`` is the same with as many pieces, and tells its figures.
"""

import os
import pickle
import time
from concurrent.futures import Future

from claims.campaigns.course import course
from claims.campaigns.ledger import Ledger
from claims.campaigns.places import here
from claims.campaigns.planning import Check, Plan
from claims.campaigns.records import Fate, Ratio, Record
from claims.campaigns.workers import Workers

PIECES = int(os.environ.get("DLC_PIECES", "3000"))
WORKERS = 1000
A_MINUTE = 8000
"""Instances that a piece of a minute decides, about as many as the checks do on average."""
CHECKS = [Check(f"DL-{i % 73 + 1:03}", f"claims/a/b_{i}.py::test_{i}", (1, 1, 1, 2, 5)[i % 5]) for i in range(458)]
STATE = '{"problem":{"covariance":null,"learning_rate":0.25,"target":[[1.0,2.0]],"weights":[[[0.5,0.25],[1.0,2.0]]]}}'
RATIOS = tuple(Ratio(f"the drift of layer j after n steps, {number}", 0.9, 1.0, STATE) for number in range(3))


class Thousand(Workers):
    """Each has its record at once."""

    def __init__(self):
        self.of = {check.name: check for check in CHECKS}

    def ahead(self):
        return WORKERS

    def deaths(self, error):
        return None

    def submit(self, function, /, *arguments, **named):
        (piece,) = (each for each in arguments if hasattr(each, "check"))
        decided = self.of[piece.check].asked(piece.examples)
        seconds = 60 * piece.examples / A_MINUTE
        verdicts = {"float64 with a rounding bound": 2 * decided, "rationals with balls of 64 bits": 7}
        record = Record(piece, here(), Fate.PASSED, decided, seconds, 1.8e9, verdicts, RATIOS)
        future = Future()
        future.set_result((pickle.dumps(record), ""))
        return future

    def shutdown(self, wait=True, *, cancel_futures=False):
        pass


def test_a_thousand_workers_do_not_wait_for_the_plan_and_the_ledger(tmp_path):
    """They finish seventeen pieces a second, of a minute each; here is room for five times as many."""
    path = tmp_path / "kept.sqlite"
    wanted = int(PIECES * A_MINUTE * sum(1 / check.fewer for check in CHECKS) / len(CHECKS))
    with Ledger(path) as ledger:
        plan = Plan(CHECKS, wanted, 1)
        start = time.process_time()
        pieces = sum(1 for _ in course(plan, ledger, Thousand()))
        seconds = time.process_time() - start
    assert plan.decided >= wanted
    assert 0.8 * PIECES <= pieces <= 1.2 * PIECES + 3 * len(CHECKS)
    assert pieces / seconds >= 5 * WORKERS / 60
    size = path.stat().st_size
    assert size <= 4096 * pieces
    start = time.process_time()
    with Ledger(path) as ledger:
        again = Plan(CHECKS, wanted, 1, ledger.records(files=here().files))
        assert again.decided == plan.decided
        assert list(again.pieces()) == []
    reading = time.process_time() - start
    assert pieces / reading >= 5 * WORKERS / 60
    print(
        f"\n{pieces:,} pieces, {plan.decided:,} instances: {pieces / seconds:,.0f} pieces a second planned and kept, "
        f"{size / pieces:,.0f} bytes each, {pieces / reading:,.0f} read again a second"
    )
