"""Statement 1, checked by Coq's kernel in any field with two derivations."""

from claims.suite import formal
from claims.suite.prover import proved

CURL_OF_CONSTANT_GRADIENT = r"""
forall (F : fieldType) (D1 D2 : F -> F) (q p m g1 g2 w1 w2 : F),
derivation D1 -> derivation D2 -> w1 ^+ 2 + w2 ^+ 2 != 0 ->
D1 w1 = 1 -> D1 w2 = 0 -> D2 w1 = 0 -> D2 w2 = 1 ->
[/\ D1 m = 0, D1 g1 = 0 & D1 g2 = 0] -> [/\ D2 m = 0, D2 g1 = 0 & D2 g2 = 0] ->
D1 q = p * q * w1 / (w1 ^+ 2 + w2 ^+ 2) -> D2 q = p * q * w2 / (w1 ^+ 2 + w2 ^+ 2) ->
D2 (field_at q m g1 g2 w1 w2 w1 g1) - D1 (field_at q m g1 g2 w1 w2 w2 g2) =
q / (w1 ^+ 2 + w2 ^+ 2) * (p - m) * (w2 * g1 - w1 * g2)
"""

ZERO_FOR_TWO_LAYERS_AT_MOST = r"""
forall (F : realFieldType) (N : nat),
(0 < N)%N ->
2%:R - 2%:R / N%:R - (N%:R - 1) = - ((N%:R - 1) * (N%:R - 2%:R) / N%:R) :> F /\
(2%:R - 2%:R / N%:R - (N%:R - 1) = 0 :> F <-> (N <= 2)%N)
"""


@formal
def test_curl_of_a_constant_gradient() -> None:
    """m is N - 1 and q is ||W||^p. Leaves out: that partial derivatives are derivations; more inputs."""
    proved("no_potential.v", "curl_of_constant_gradient", CURL_OF_CONSTANT_GRADIENT)


@formal
def test_zero_for_two_layers_at_most() -> None:
    """For every N >= 1. Leaves out: nothing."""
    proved("no_potential.v", "zero_for_two_layers_at_most", ZERO_FOR_TWO_LAYERS_AT_MOST)
