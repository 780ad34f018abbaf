"""Statement 2 in rationals: modes with a rational R, from Pythagorean triples, where e^{-Rt} is a rational number."""

from dataclasses import dataclass, replace

from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.modes.mode_solutions.two_layers import sigmoid
from claims.suite import exact, witness
from solvers.arithmetic import Comparison, compare


@dataclass(frozen=True)
class RationalMode:
    """s, c and R = sqrt(4 s^2 + c^2), all rational (a Pythagorean triple), and y_0 > 0."""

    s: fmpq
    c: fmpq
    rate: fmpq
    initial: fmpq

    def after(self, decay: fmpq) -> fmpq:
        """y where E = e^{-Rt} is ``decay``."""
        up, down = 2 * self.s + self.rate, 2 * self.s - self.rate
        above = self.initial * (up - down * decay) + self.c**2 * (1 - decay)
        return above / (self.initial * (1 - decay) + up * decay - down)

    def strength(self, y: fmpq) -> fmpq:
        """u = a b."""
        return (y - self.c**2 / y) / 4


@st.composite
def rational_modes(draw: st.DrawFn) -> RationalMode:
    """s and c of both signs, one of them 0 too, but not both."""
    p, q = draw(st.integers(0, 6)), draw(st.integers(1, 6))
    c, double = draw(st.permutations([fmpq(p * p - q * q), fmpq(2 * p * q)]))
    signs = [draw(st.sampled_from([1, -1])) for _ in range(2)]
    return RationalMode(signs[0] * double / 2, signs[1] * c, fmpq(p * p + q * q), fmpq(draw(st.integers(1, 64)), 8))


@exact
@given(rational_modes(), st.integers(1, 64), st.integers(1, 64))
def test_unbalanced_closed_form_is_a_flow(mode: RationalMode, first: int, second: int) -> None:
    """In rationals: flowing on from where it got to is flowing on; y > 0; and u moves towards s and never past it."""
    decays = fmpq(first, 64), fmpq(second, 64)
    once = mode.after(decays[0])
    assert once > 0
    assert replace(mode, initial=once).after(decays[1]) == mode.after(decays[0] * decays[1])
    before, now = (abs(mode.strength(y) - mode.s) for y in (mode.initial, once))
    assert compare(Comparison(now, "<=", before, "distance of u from s")).holds
    assert (mode.strength(once) - mode.s) * (mode.strength(mode.initial) - mode.s) >= 0


@exact
@given(rational_modes())
def test_every_unbalanced_mode_learns_its_target(mode: RationalMode) -> None:
    """At E = 2^-80, |u - s| is below a bound of the order of E where c != 0, s of either sign; y_+ itself has u = s.
    Where c = 0 and s < 0 the mode ends at u = 0."""
    end = 2 * mode.s + mode.rate
    if end == 0:
        assert mode.c == 0
        assert 0 < mode.strength(mode.after(fmpq(1, 2**80))) < fmpq(1, 2**60)
        return
    assert mode.strength(end) == mode.s
    gap = abs(mode.strength(mode.after(fmpq(1, 2**80))) - mode.s)
    assert compare(Comparison(gap, "<=", fmpq(1, 2**60), "distance of u from s")).holds


@witness
def test_an_unbalanced_mode_turns_round() -> None:
    """s = 3/2, c = 4, y_0 = 1: u goes from -15/4 through 0, at y = 4, to 3/2. The balanced mode with s = 1, u_0 = 1/4
    stays above 0."""
    mode = RationalMode(fmpq(3, 2), fmpq(4), fmpq(5), fmpq(1))
    assert mode.strength(mode.initial) == fmpq(-15, 4)
    assert mode.strength(fmpq(4)) == 0
    assert mode.after(fmpq(2, 7)) == 4
    still = RationalMode(fmpq(1), fmpq(0), fmpq(2), fmpq(1))
    assert all(still.strength(still.after(fmpq(k, 8))) > 0 for k in range(1, 9))


@witness
def test_at_the_target_nothing_moves() -> None:
    """u_0 = s in the closed form: y_0 = y_+; and u_0 = s at N = 2, balanced."""
    mode = RationalMode(fmpq(3, 2), fmpq(4), fmpq(5), fmpq(8))
    assert mode.after(fmpq(1, 3)) == 8
    assert sigmoid(fmpq(3), fmpq(3), fmpq(7)) == 3
