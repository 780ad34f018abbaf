"""``proved``: a check that Coq's kernel accepts a theorem of ``claims/formal`` as a proof of what is stated here.

    @formal
    def test_discrete_law() -> None:
        \"\"\"Over any commutative ring, for every depth and width. Leaves out: nothing.\"\"\"
        proved("balancedness.v", "discrete_balancedness_law", DISCRETE_LAW)

The arguments are strings, or names of strings in the same module, so that all statements of a file can be found and
asked together. Where there is no prover the check neither passes nor fails: it is not checked here.
"""

from __future__ import annotations

from _pytest.outcomes import Skipped

from claims.formal.asking import CLASSICAL, Question, answers
from claims.formal.coq import HOW, MissingProverError, demanded, prover
from claims.formal.sources import shipped
from claims.formal.statements import stated_of

__all__ = ["CLASSICAL", "NotCheckedError", "proved"]


class NotCheckedError(Skipped):
    """A check that could not be made here: no pass, no failure, and counted apart."""


def proved(file: str, theorem: str, statement: str, axioms: tuple[str, ...] = ()) -> None:
    """Assert that ``theorem`` of ``claims/formal/<file>`` proves ``statement``, on these axioms and no others.

    ``statement`` is one term of Coq's, read under the file's own imports and scopes. AssertionError where the kernel
    does not accept it, or runs out of time. Where no prover of a supported version is installed the check is skipped,
    with the line that installs one. That is an AssertionError too where the environment variable CI is set, or
    DLC_FORMAL is ``required``; not so where DLC_FORMAL is ``elsewhere``.
    """
    try:
        coq = prover()
    except MissingProverError as error:
        if demanded():
            raise AssertionError(f"not checked, where it must be: {error.why}\n{HOW}") from None
        raise NotCheckedError(f"not checked here: {error}") from None
    question = Question(theorem, statement, tuple(axioms))
    together = dict.fromkeys([*(each.question for each in stated_of(file)), question])
    answer = answers(file, list(together), shipped(), coq)[question]
    if not answer.proved:
        raise AssertionError(answer.said)
