"""What a check decides while it runs: verdicts by arithmetic, and how near each inequality came to equality."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache, wraps
from typing import Any

from hypothesis.errors import HypothesisException, StopTest

from claims.campaigns.records import Ratio
from claims.campaigns.states import state_of
from solvers.arithmetic import verdict
from solvers.arithmetic.verdict import Verdict

QUANTITIES = 32
"""Of one check; further ones are left out."""
LARGEST = 2.0**63
"""Numbers from there on are left out too: no ledger holds them."""


class Observer:
    """Counts what is decided on the examples that pass, up to the first that does not: afterwards Hypothesis shrinks.

    ``tight`` says whether its ratios mean anything: those of a control do not, since what it decides is false.
    """

    def __init__(self, *, tight: bool) -> None:
        self._tight = tight
        self._seen: list[Verdict] = []
        self._failed = False
        self.decided = 0
        self.verdicts: Counter[str] = Counter()
        self.ratios: dict[str, Ratio] = {}

    @contextmanager
    def watching(self, handle: Any) -> Iterator[None]:
        """Inside, each example of a test is seen; ``handle`` is the test's ``hypothesis``."""
        inner = handle.inner_test
        handle.inner_test = self._watched(inner)
        see = self._seen.append
        verdict.OBSERVERS.append(see)
        try:
            yield
        finally:
            verdict.OBSERVERS.remove(see)
            handle.inner_test = inner

    def _watched(self, inner: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(inner)
        def watched(*args: Any, **kwargs: Any) -> Any:
            self._seen.clear()
            try:
                result = inner(*args, **kwargs)
            except (HypothesisException, StopTest):  # an example that does not meet an assumption, or is too large
                raise
            except BaseException:  # that of pytest.fail, and of pytest.raises, is no Exception
                self._failed = True
                raise
            if not self._failed:
                self._enter(kwargs)
            return result

        return watched

    def _enter(self, drawn: dict[str, Any]) -> None:
        self.decided += 1
        self.verdicts.update(each.arithmetic for each in self._seen)
        if self._tight:
            worse = [ratio for each in self._seen if (ratio := ratio_of(each)) and self._is_worse(ratio)]
            state = state_of(drawn) if worse else ""
            for ratio in worse:
                if self._is_worse(ratio):
                    self.ratios[ratio.quantity] = replace(ratio, state=state)

    def _is_worse(self, ratio: Ratio) -> bool:
        before = self.ratios.get(ratio.quantity)
        if before is None:
            return len(self.ratios) < QUANTITIES
        return ratio.observed / ratio.guaranteed > before.observed / before.guaranteed


def ratio_of(seen: Verdict) -> Ratio | None:
    """What is guaranteed to be below over what it is below of; None where that means nothing."""
    if not seen.holds or seen.relation == "==":
        return None
    below, above = (seen.left, seen.right) if seen.relation in ("<", "<=") else (seen.right, seen.left)
    return Ratio(quantity(seen.sentence), below, above) if 0 < below <= above < LARGEST else None


@lru_cache(maxsize=4096)
def quantity(sentence: str) -> str:
    """A sentence without what differs from instance to instance: ``|W_j|_2^2 at step n`` for |W_3|_2^2 at step 17."""
    text = re.sub(r"(?<=[A-Za-z]_)\d+", "j", sentence)
    text = re.sub(r"(?<=[ =(,])-?(\d+(\.\d+)?|\.\d+)(e[-+]?\d+)?(/\d+)?(?![\w.(])", "n", text)
    return re.sub(r"\bn(, n)+\b", "n", text)
