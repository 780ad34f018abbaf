"""A guess at what a trainer does that is not gradient descent: what explains all its steps on all probes.

First named factors of the learning rate; then combinations of the gradient, the weights and the last move (a scale,
weight decay, momentum), found by least squares in rationals on one probe; then the rules of
:mod:`claims.conformance.rules`, and those with a parameter, which is read off one probe; last a lower precision. Each
is confirmed on the probes that it was not found on. A diagnosis never changes the verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from claims.conformance import fits, rules
from claims.conformance.cases import Case, Scale, explains
from claims.conformance.losses import LOSSES, SCALES
from claims.conformance.precision import like_a_format
from claims.conformance.rules import Array, Rule

FITTED = "2-3-2, full mantissas"
"""The probe on which parameters are found: twelve entries, and no two of the terms parallel."""

Values = tuple[float, ...]


@dataclass(frozen=True)
class Guess:
    """A rule with parameters: ``values`` as they were found, the rule and the name that they make, and the factor of
    the learning rate that goes with it."""

    values: Values
    rule: Callable[[Values], Rule]
    name: Callable[[Values], str]
    scale: Scale | None = None


def diagnosis(cases: Sequence[Case]) -> str:
    """The first guess that explains the cases, its numbers as short as they can be; "" where there is none."""
    fitted = next((case for case in cases if case.probe.name == FITTED and len(case.iterates) > 1), None)
    if fitted is None or not any(case.wrong for case in cases):
        return ""
    for family in (_scales, _terms, _rules, _limits, _by_step, _by_layer, _by_sample):
        for guess in family(cases, fitted):
            values = _confirmed(guess, cases)
            if values is not None:
                return guess.name(values)
    return like_a_format(cases)


def _confirmed(guess: Guess, cases: Sequence[Case]) -> Values | None:
    """The values as found, or with few digits where only those explain the cases; each then as short as it can be."""

    def right(values: Values) -> bool:
        return explains(guess.rule(values), cases, guess.scale)

    tries = [guess.values, *(tuple(float(f"{value:.{digits}g}") for value in guess.values) for digits in (1, 2, 3))]
    values = next((each for each in dict.fromkeys(tries) if right(each)), None)
    if values is None:
        return None
    for place, value in enumerate(values):
        for shorter in _shorter(value):
            changed = (*values[:place], shorter, *values[place + 1 :])
            if right(changed):
                values = changed
                break
    return values


def _shorter(value: float) -> list[float]:
    """Near a number: 0, 1, decimals of few digits and quotients of small numbers."""
    quotient = Fraction(value).limit_denominator(16)
    decimals = [float(f"{value:.{digits}g}") for digits in (1, 2, 3, 4)]
    return [0.0, *decimals[:2], quotient.numerator / quotient.denominator, *decimals[2:]]


def shown(number: float) -> str:
    """A number in a sentence: a quotient where that is shorter; near 1 by its distance from 1."""
    if number != 1 and abs(number - 1) < 2**-8:
        return f"(1 {'+' if number > 1 else '-'} {abs(number - 1):.3g})"
    quotient = Fraction(number).limit_denominator(16)
    if quotient.denominator > 1 and float(quotient) == number and len(str(quotient)) < len(f"{number:.6g}"):
        return str(quotient)
    return f"{number:.6g}"


def _fixed(name: str, rule: Rule, scale: Scale | None = None) -> Guess:
    return Guess((), lambda values: rule, lambda values: name, scale)


# The gradient, the weights and the last move.


def _scales(cases: Sequence[Case], fitted: Case) -> Iterator[Guess]:
    """A named factor of the learning rate, made of a number, m and d_N; with the loss that has it, if one has."""
    plain = rules.descending(rules.gradients)
    for name, scale in SCALES.items():
        loss = next((each.name for each in LOSSES.values() if _same(each.scale, fitted.loss.scale, scale)), "")
        yield _fixed(f"learning rate x {name}" + (f', which is loss="{loss}"' if loss else ""), plain, scale)


def _same(one: Scale, other: Scale, factor: Scale) -> bool:
    """Whether a scale is another one times a factor, as products of powers of m and d_N and numbers."""
    return all(one(*sizes) == other(*sizes) * factor(*sizes) for sizes in ((1, 1), (3, 1), (1, 5), (3, 5)))


DIVISORS: dict[str, Callable[[Array, Array], float]] = {
    "": lambda inputs, outputs: 1.0,
    " / m": lambda inputs, outputs: 1 / inputs.shape[1],
    " / d_N": lambda inputs, outputs: 1 / outputs.shape[0],
    " / (m d_N)": lambda inputs, outputs: 1 / outputs.size,
    " / d_0": lambda inputs, outputs: 1 / inputs.shape[0],
    " / (m d_0)": lambda inputs, outputs: 1 / inputs.size,
    " / (m - 1)": lambda inputs, outputs: 1 / (inputs.shape[1] - 1 or 1),
    " x m": lambda inputs, outputs: float(inputs.shape[1]),
    " x d_N": lambda inputs, outputs: float(outputs.shape[0]),
}
"""What a factor that was found on one probe may depend on."""


def _terms(cases: Sequence[Case], fitted: Case) -> Iterator[Guess]:
    """One scale, weight decay and momentum for all steps."""
    found = fits.terms(fitted)
    if len(found) == len(fitted.steps):
        first, last = found[0], found[-1]
        yield from _linear(fitted, [first.scale], [last.momentum], first.decay)


def _by_step(cases: Sequence[Case], fitted: Case) -> Iterator[Guess]:
    """A scale and a momentum for each step."""
    found = fits.terms(fitted)
    if len(found) == len(fitted.steps):
        scales, momenta = [each.scale for each in found], [each.momentum for each in found[1:]]
        yield from _linear(fitted, scales, [found[-1].momentum], found[0].decay)
        yield from _linear(fitted, scales, momenta, found[0].decay)


def _linear(fitted: Case, scales: list[float], momenta: list[float], decay: float) -> Iterator[Guess]:
    """The decay in units of the learning rate, or not; the scales over each of DIVISORS."""
    count, rate = len(scales), fitted.probe.learning_rate
    for name, divisor in DIVISORS.items():
        factor = divisor(fitted.probe.inputs, fitted.probe.outputs)
        for by_rate in (True, False) if decay else (True,):
            values = (*(scale / factor for scale in scales), *momenta, decay if by_rate else decay * rate)

            def rule(
                values: Values, divisor: Callable[[Array, Array], float] = divisor, by_rate: bool = by_rate
            ) -> Rule:
                return rules.linear(values[:count], divisor, values[count:-1], values[-1], by_rate=by_rate)

            def named(values: Values, name: str = name, by_rate: bool = by_rate) -> str:
                return _linear_name(values[:count], name, values[count:-1], values[-1], by_rate=by_rate)

            yield Guess(values, rule, named)


def _linear_guess(
    found: Values, count: int, name: str, divisor: Callable[[Array, Array], float], *, by_rate: bool
) -> Guess:
    """``count`` scales, then momenta, and the decay last."""
    return Guess(
        found,
        lambda values: rules.linear(values[:count], divisor, values[count:-1], values[-1], by_rate=by_rate),
        lambda values: _linear_name(values[:count], name, values[count:-1], values[-1], by_rate=by_rate),
    )


def _linear_name(scales: Values, divided: str, momenta: Values, decay: float, *, by_rate: bool) -> str:
    parts = []
    if not any((*scales, *momenta, decay)):
        return "the weights do not move"
    if _dampened(scales, momenta) and not divided:
        return f"momentum {shown(momenta[0])} with dampening {shown(1 - scales[1])}"
    if all(scale == -1 for scale in scales) and not divided:
        parts.append("ascent, not descent")
    elif divided or any(scale != 1 for scale in scales):
        parts.append(f"learning rate x {_list(scales, 1)}{divided}")
    if any(momenta):
        aside = ", or gradients that are never set to 0" if {*momenta} == {1.0} else ""
        parts.append(f"momentum {_list(momenta, 2)}{aside}")
    if decay:
        parts.append(f"weight decay {shown(decay)}" + ("" if by_rate else " a step, whatever the learning rate"))
    return ", ".join(parts)


def _dampened(scales: Values, momenta: Values) -> bool:
    """Whether only the first step has its full learning rate, and there is momentum."""
    return len(scales) > 1 and scales[0] == 1 != scales[1] and len({*scales[1:]}) == 1 and all(momenta)


def _list(values: Values, first: int) -> str:
    if len(set(values)) == 1:
        return shown(values[0])
    return f"({', '.join(map(shown, values))}) from step {first} on"


# Rules, as they are and with one parameter.


def _rules(cases: Sequence[Case], fitted: Case) -> Iterator[Guess]:
    """By themselves, then with another convention of the loss."""
    yield from (_fixed(name, rule) for name, rule in rules.rules())
    scales = [(loss.formula, loss.scale) for loss in LOSSES.values()]
    for formula, scale in scales:
        yield from (_fixed(f"{name}, on {formula}", rule, scale) for name, rule in rules.rules())


LIMITED: dict[str, Callable[[float], Rule]] = {
    "gradients clipped to norm {}": rules.clipped,
    "gradients clipped to norm {}, with 10^-6 added to theirs": rules.clipped_with_room,
    "gradients of each layer clipped to norm {}": rules.clipped_layers,
    "gradients clipped to entries of at most {}": rules.clipped_entries,
    "weights clipped to entries of at most {}": rules.clamped,
    "Nesterov momentum {}": rules.nesterov,
    "weights decayed by their signs, {}": rules.shrinking,
}
"""Rules with a parameter, each found in :mod:`claims.conformance.fits` by its name."""


def _limits(cases: Sequence[Case], fitted: Case) -> Iterator[Guess]:
    """By themselves, and with another convention of the loss."""
    for name, made in LIMITED.items():
        for value in fits.parameters(made, cases):
            yield _limited(name, made, value, "", None)
            for loss in LOSSES.values():
                yield _limited(name, made, value, f", on {loss.formula}", loss.scale)


def _limited(name: str, made: Callable[[float], Rule], value: float, aside: str, scale: Scale | None) -> Guess:
    return Guess((value,), lambda values: made(values[0]), lambda values: name.format(shown(values[0])) + aside, scale)


# By layer, and by sample.


def _by_layer(cases: Sequence[Case], fitted: Case) -> Iterator[Guess]:
    for name, factor in rules.LAYER_FACTORS.items():
        yield _fixed(f"learning rate of W_j x {name}", rules.layerwise(factor))
    found = fits.by_layer(fitted)
    if len(found) == 2:
        yield _geometric(found[0], found[1], "first", 1)
        yield _geometric(found[1], found[0], "last", -1)


def _geometric(one: float, next_one: float, end: str, order: int) -> Guess:
    def named(values: Values) -> str:
        first, ratio = map(shown, values)
        return f"learning rate x {first} in the {end} layer, and x {ratio} in each from there"

    ratio = next_one / one if one else 0.0
    return Guess((one, ratio), lambda values: rules.geometric(values[0], values[1], order), named)


def _by_sample(cases: Sequence[Case], fitted: Case) -> Iterator[Guess]:
    found = fits.by_sample(fitted)
    if found:
        yield Guess(
            tuple(found),
            rules.weighted,
            lambda values: f"samples weighted {', '.join(map(shown, values))}",
        )
