"""Statement 2 for a loss that is a polynomial along the diameter: the circulation, in rationals."""

from flint import fmpq, fmpq_poly

from solvers.arithmetic import ObjectArray


def share(depth: int, k: int) -> fmpq:
    """((N-1) k - p) / (k + p): what an odd term t^k of L(t v) has in the circulation, over 2 c ||v||^p."""
    p = fmpq(2 * (depth - 1), depth)
    return ((depth - 1) * k - p) / (k + p)


def circulation(line: fmpq_poly, depth: int) -> fmpq:
    """Statement 2 over ||v||^p, for a loss that is the polynomial ``line`` along t v."""
    odd = range(1, line.degree() + 1, 2)
    return sum((2 * line[k] * share(depth, k) for k in odd), start=fmpq(0))


def l_p_on_line(inputs: ObjectArray, outputs: ObjectArray, v: ObjectArray, power: int) -> fmpq_poly:
    """1/(p m) sum_n (t v.x_n - y_n)^p as a polynomial in t, for one output and an even p."""
    total = fmpq_poly([0])
    for slope, value in zip((v @ inputs).ravel(), outputs.ravel(), strict=True):
        total += fmpq_poly([-value, slope]) ** power
    mean: fmpq_poly = total / (power * inputs.shape[1])
    return mean
