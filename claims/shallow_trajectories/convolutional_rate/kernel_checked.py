"""One step, checked by Coq's kernel, with the angle, its sine and pi as numbers."""

from claims.suite import formal
from claims.suite.prover import proved

# half_tangent u v is tan(th/2), by lengths and dot u v = u.v; combined a b u v is a u + b v.

HALF_ANGLE = r"""
forall (R : rcfType) (d : nat) (a b : R) (u v : 'I_d -> R),
dot u u = 1 -> dot v v = 1 -> -1 < dot u v -> 0 <= a -> 0 < b -> let w := combined a b u v in
[/\ 0 < length_of w, a + b * dot u v <= length_of w <= a + b &
    half_tangent w v <= a / (a + b) * half_tangent u v]
"""

ONE_STEP = r"""
forall (R : rcfType) (d : nat) (pi k theta s eta r : R) (u v : 'I_d -> R),
let S := (pi + k - 1) / (pi * k) in let p := 1 - eta * S in
let a := p * r + eta * (s + k - 1) / (pi * k) in let b := eta * (pi - theta) / (pi * k) in
let c := dot u v in let h := pi - s - (pi - theta) * c in let w := filter_step pi k theta s eta r u v in
dot u u = 1 -> dot v v = 1 -> -1 < c -> 0 <= s -> s <= theta < pi -> 1 <= k ->
0 < eta -> eta * S <= 1 -> 0 < r ->
[/\ 0 <= a, 0 < b, 0 < length_of w & half_tangent w v <= a / (a + b) * half_tangent u v] /\
[/\ a + b <= p * r + eta * S, - (eta * h / (pi * k)) <= length_of w - 1 - p * (r - 1) &
    length_of w - 1 - p * (r - 1) <= - (eta * (theta - s) / (pi * k))]
"""

MET = r"""
forall R : rcfType, let pi : R := 3%:R in let k : R := 1 in let S := (pi + k - 1) / (pi * k) in
let u (i : 'I_2) : R := (i == 0)%:R in let v (i : 'I_2) : R := (i == 1)%:R in
[/\ dot u u = 1, dot v v = 1, (-1 : R) < dot u v, (1 : R) <= 3%:R / 2%:R < pi &
    [/\ 1 <= k, 1 * S <= 1 & half_tangent u v = 1]]
"""


@formal
def test_half_the_angle_falls() -> None:
    """For any combination with a >= 0 and b > 0, in any dimension. Leaves out: nothing."""
    proved("convolutional_rate.v", "half_angle_falls", HALF_ANGLE)


@formal
def test_one_step() -> None:
    """All of "one step" for any numbers 0 <= sin th <= th < pi. Leaves out: that th is the angle of w and w*, and the
    gradient that of the loss; 0 <= h <= pi th^2/2."""
    proved("convolutional_rate.v", "filter_turns", ONE_STEP)


@formal
def test_hypotheses_can_be_met() -> None:
    """At a right angle. Leaves out: pi, for which 3 stands."""
    proved("convolutional_rate.v", "filter_turns_met", MET)
