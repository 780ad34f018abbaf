"""``parametrize_with_trainers``: probes and laws as tests of one's own test file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from claims.conformance.checking import check_dtype, trainer_name
from claims.conformance.loading import load_trainer
from claims.conformance.losses import check_loss
from claims.conformance.running import Given, Trainer


def parametrize_with_trainers(
    trainers: Iterable[Trainer | str],
    *,
    dtype: Any = None,
    loss: str = "half-sum",
    transposed: bool = False,
    expected_failures: Mapping[str, str] = {},
) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Make of a test of one argument, ``check``, a test for every probe and law and each of ``trainers``.

        @parametrize_with_trainers([train, "mypkg.training:other"], dtype="float32")
        def test_trainers_descend(check):
            check()

    ``trainers`` are functions as :func:`check_trainer` takes them, or their names; ``dtype``, ``loss`` and
    ``transposed`` are said of all of them. ``expected_failures`` gives the reason why a probe or a law, by its name,
    may fail: it is marked xfail, strictly. A law that rounding can decide either way at every step is skipped. Raises
    TypeError or ValueError for bad arguments.
    """
    import pytest

    from claims.conformance.laws import HeldTrainer
    from claims.conformance.questions import questions

    if isinstance(trainers, str) or not isinstance(trainers, Iterable):
        raise TypeError(f"trainers is {trainers!r}; expected a list of functions, or of names as in pkg.module:train")
    given, convention = Given(check_dtype(dtype), transposed), check_loss(loss)
    asked = []
    for each in trainers:
        train = load_trainer(each) if isinstance(each, str) else each
        if not callable(train):
            raise TypeError(f"trainers holds {each!r}; expected a function, or a name as in pkg.module:train")
        name = each if isinstance(each, str) else trainer_name(each)
        asked += list(questions(HeldTrainer(name, train, given, convention)))
    if not asked:
        raise ValueError("trainers is empty; expected at least one")
    names = {question.name for question in asked}
    if unknown := sorted(set(expected_failures) - names):
        raise ValueError(f"expected_failures names {unknown[0]!r}; expected one of {', '.join(sorted(names))}")
    parameters = [
        pytest.param(
            _telling(question),
            id=f"{question.trainer.name}-{question.name}",
            marks=[pytest.mark.xfail(reason=expected_failures[question.name], strict=True)]
            if question.name in expected_failures
            else [],
        )
        for question in asked
    ]
    return pytest.mark.parametrize("check", parameters)


def _telling(question: Callable[[], object]) -> Callable[[], None]:
    """Asks, and fails with the sentence alone, without a traceback through what asked."""

    def check() -> None:
        import pytest

        wrong = ""
        try:
            question()
        except AssertionError as error:
            wrong = str(error)
        if wrong:
            pytest.fail(wrong, pytrace=False)

    return check
