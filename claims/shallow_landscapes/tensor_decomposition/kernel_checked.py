"""Statements 1 and 4 in a basis of components, checked by Coq's kernel; p = k + 2."""

from claims.suite import formal
from claims.suite.prover import proved

CRITICAL_POINTS = """
forall (R : idomainType) (d k : nat) (lambda u : 'I_d -> R),
(forall i, slope k lambda u i = value k lambda u * u i) <->
(forall i, u i != 0 -> lambda i * u i ^+ k = value k lambda u)
"""

MULTIPLIER = r"""
forall (R : comRingType) (d k : nat) (lambda u : 'I_d -> R) (m : R),
\sum_i u i ^+ 2 = 1 -> (forall i, slope k lambda u i = m * u i) -> m = value k lambda u
"""

EIGENVALUES = """
forall (R : idomainType) (d k : nat) (lambda u : 'I_d -> R) (i : 'I_d),
(forall i, slope k.+1 lambda u i = value k.+1 lambda u * u i) ->
curvature k.+1 lambda u i - value k.+1 lambda u =
if u i == 0 then - value k.+1 lambda u else k.+1%:R * value k.+1 lambda u
"""

POWER_MAP_POWERS = """
forall (R : comRingType) (d k t : nat) (lambda r u : 'I_d -> R) (i : 'I_d),
(forall i, r i ^+ k = lambda i) ->
r i * iter t (power_map k lambda) u i = (r i * u i) ^+ (k.+1 ^ t)
"""

POWER_MAP_SCALES = """
forall (R : comRingType) (d k : nat) (lambda u : 'I_d -> R) (c : R) (i : 'I_d),
power_map k lambda (fun i => c * u i) i = c ^+ k.+1 * power_map k lambda u i
"""

POWER_MAP_CONVERGES = """
forall (R : realFieldType) (d k t : nat) (lambda r u : 'I_d -> R) (i j : 'I_d) (q : R),
(forall i, r i ^+ k.+1 = lambda i) -> 0 <= q <= 1 -> `|r j * u j| <= q * `|r i * u i| ->
let v := iter t (power_map k.+1 lambda) u in `|r j * v j| <= q ^+ (2 ^ t) * `|r i * v i|
"""


@formal
def test_critical_points() -> None:
    """Over any integral domain. Leaves out: that these are finitely many, and their number."""
    proved("tensor_decomposition.v", "critical_points", CRITICAL_POINTS)


@formal
def test_the_multiplier_is_the_value() -> None:
    """On the sphere. Leaves out: nothing."""
    proved("tensor_decomposition.v", "multiplier", MULTIPLIER)


@formal
def test_eigenvalues() -> None:
    """p >= 3; over p. Leaves out: how many are tangent to the sphere."""
    proved("tensor_decomposition.v", "eigenvalues", EIGENVALUES)


@formal
def test_power_map_powers() -> None:
    """t steps, not scaled to length 1. Leaves out: nothing."""
    proved("tensor_decomposition.v", "power_map_powers", POWER_MAP_POWERS)


@formal
def test_power_map_scales() -> None:
    """So that lengths change no ratio. Leaves out: nothing."""
    proved("tensor_decomposition.v", "power_map_scales", POWER_MAP_SCALES)


@formal
def test_power_map_converges() -> None:
    """p >= 3: a ratio of at most q falls to q^(2^t). Leaves out: that q^(2^t) tends to 0."""
    proved("tensor_decomposition.v", "power_map_converges", POWER_MAP_CONVERGES)
