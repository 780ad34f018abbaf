"""Which path moves which networks, and how many at a time.

- a wide network is compressed first, where that pays (:mod:`solvers.descent.compress`);
- ``closed form``: depth 1;
- ``kernel``: widths up to KERNEL_WIDTH where the compiled kernel is there, eight networks side by side or one alone;
- ``lanes``: many small or skinny networks of one shape, NumPy with the batch last;
- ``tiles``: mixed shapes, NumPy with stacked products;
- ``dots``: one network after another, through BLAS: single ones, and wide ones;
- ``reference``: :func:`solvers.network.gradient_step` in a loop; only where asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from solvers.descent.compress import Compression, RankError, compress
from solvers.descent.march import Course, Plan, march
from solvers.descent.paths.closed_form import ClosedForm, CorrelatedForm
from solvers.descent.paths.dots import Dots
from solvers.descent.paths.kernel import LANES, KernelLanes, KernelOne, kernel
from solvers.descent.paths.lanes import Lanes
from solvers.descent.paths.reference import Reference
from solvers.descent.paths.stack import Path, Stack
from solvers.descent.paths.tiles import Tiles
from solvers.network.problem import Problem

Progress = Callable[[int], None]
Make = Callable[[Sequence[Stack]], Path]
Parts = list[tuple[int, slice]]

PATHS = ("reference", "closed form", "kernel", "lanes", "tiles", "dots")
MIXING: tuple[Make, ...] = (Tiles, KernelOne, ClosedForm)
"""Those that take stacks of several shapes at once, their losses of one form."""
KERNEL_WIDTH = 32  # beyond, BLAS is faster
LANE_WIDTH = 6  # beyond, products of tiles are faster than products of lanes
FEW = 16  # lanes pay from so many networks
ABREAST, ABREAST_ENTRIES = 8, 1024  # with more columns or weights, eight side by side in the kernel gain nothing
CACHE = 2**20  # bytes that the networks of one chunk may take, so that they stay in the second-level cache
LANE_CHUNK = 1024  # lanes that march together: enough to hide what a call costs
CHUNK = 4096  # networks at once where neither matters
WORTHWHILE, LONG = 0.5, 16  # a compression must halve the work, of so many steps at least


def run(stacks: Sequence[Stack], courses: Sequence[Course], names: list[str], plan: Plan, progress: Progress) -> None:
    """Run each stack on the path named for it, write what it did into its course, and the path taken into ``names``."""
    mixed: dict[tuple[Make, str], list[int]] = defaultdict(list)
    for k, (stack, course) in enumerate(zip(stacks, courses, strict=True)):
        if names[k] == "compress":
            names[k] = _compressed_or_dots(stack, course, plan, progress)
            continue
        make = _maker(names[k], stack)
        if make in MIXING:
            mixed[make, stack.form].append(k)
            continue
        for part in _parts(stack, names[k]):
            march(make, [stack.take(part)], [course.take(part)], plan, progress)
    for (make, _), which in mixed.items():
        for group in _groups(stacks, which):
            some = [stacks[k].take(part) for k, part in group]
            march(make, some, [courses[k].take(part) for k, part in group], plan, progress)


def check_path(path: str) -> None:
    """Raise ValueError where ``path`` does not exist, or not here."""
    if path not in PATHS:
        raise ValueError(f"path is {path!r}; expected None or one of {', '.join(map(repr, PATHS))}")
    if path == "kernel" and kernel() is None:
        raise ValueError("path is 'kernel' but the package was installed without a compiler; expected another path")


def check_path_takes(path: str, stack: Stack, plan: Plan) -> str:
    """``path``, or ValueError where it cannot take the stack."""
    if path == "closed form" and plan.certify:
        raise ValueError("path is 'closed form' but certify bounds single steps; expected another path")
    if path == "closed form" and len(stack.weights) > 1:
        raise ValueError(f"path is 'closed form' but the network has depth {len(stack.weights)}; expected depth 1")
    return path


def choose(stack: Stack, plan: Plan, *, alone: bool) -> str:
    """The fastest path for a stack; ``alone`` where it is one network and there are no other stacks."""
    widest = max(stack.dimensions)
    if len(stack.weights) == 1 and not plan.certify:
        return "closed form"
    if widest > KERNEL_WIDTH:
        return "dots" if plan.certify or plan.steps < LONG else "compress"
    if kernel() is not None:
        return "kernel"
    skinny = min(stack.dimensions[0], stack.dimensions[-1]) == 1
    if len(stack) >= FEW and (widest <= LANE_WIDTH or skinny):
        return "lanes"
    return "dots" if alone else "tiles"


def _maker(name: str, stack: Stack) -> Make:
    if name == "kernel":
        columns = min(stack.dimensions[0], stack.dimensions[-1])
        entries = sum(matrix.shape[-2] * matrix.shape[-1] for matrix in stack.weights)
        side_by_side = 2 * len(stack) > LANES and columns < ABREAST and entries <= ABREAST_ENTRIES
        return KernelLanes if side_by_side else KernelOne
    if name == "closed form" and stack.form == "covariance":
        return CorrelatedForm
    makers: dict[str, Make] = {
        "reference": Reference,
        "closed form": ClosedForm,
        "lanes": Lanes,
        "tiles": Tiles,
        "dots": Dots,
    }
    return makers[name]


def _parts(stack: Stack, name: str) -> Iterator[slice]:
    """The networks of a stack that march together."""
    together = {"dots": 1, "lanes": LANE_CHUNK}.get(name, CHUNK)
    for start in range(0, len(stack), together):
        yield slice(start, start + together)


def _groups(stacks: Sequence[Stack], which: Sequence[int]) -> Iterator[Parts]:
    """Networks of mixed shapes that fill the cache together, like depth with like depth."""
    group: Parts = []
    room = CACHE
    for k in sorted(which, key=lambda k: -len(stacks[k].weights)):
        need = 4 * 8 * len(stacks[k].weights) * max(stacks[k].dimensions) ** 2
        start = 0
        while start < len(stacks[k]):
            if group and room < need:
                yield group
                group, room = [], CACHE
            stop = min(len(stacks[k]), start + max(1, room // need))
            group.append((k, slice(start, stop)))
            room -= need * (stop - start)
            start = stop
    if group:
        yield group


def _compressed_or_dots(stack: Stack, course: Course, plan: Plan, progress: Progress) -> str:
    """Each network on its own, compressed where that pays; the name of the path that the last one took."""
    name = "dots"
    for i in range(len(stack)):
        part = slice(i, i + 1)
        one, its_course = stack.take(part), course.take(part)
        compression = _worthwhile_compression(one)
        if compression is None:
            march(Dots, [one], [its_course], plan, progress)
            name = "dots"
        else:
            name = _compressed(compression, its_course, min(one.dimensions[0], one.dimensions[-1]), plan, progress)
    return name


def _worthwhile_compression(stack: Stack) -> Compression | None:
    problem = Problem(tuple(matrix[0] for matrix in stack.weights), stack.target[0], float(stack.rates[0]))
    problem = problem._with(**{name: None if part is None else part[0] for name, part in stack.data.items()})
    try:
        return compress(problem, worthwhile=WORTHWHILE)
    except RankError:
        return None  # where the rank is not clear, the network runs whole


def _compressed(compression: Compression, course: Course, rank: int, plan: Plan, progress: Progress) -> str:
    """Run the part that moves, and put the part that does not back into the course."""
    inner = Stack.of(compression.problem)
    inner_course, names = Course.of(inner, plan), [choose(inner, plan, alone=True)]
    try:
        run([inner], [inner_course], names, plan, progress)
    finally:
        for whole, matrix in zip(course.weights, compression.expand(inner_course.weights), strict=True):
            whole[...] = matrix
        course.steps[...], course.diverged[...] = inner_course.steps, inner_course.diverged
        course.values.loss[...] = inner_course.values.loss
        course.values.imbalance[...] = np.hypot(inner_course.values.imbalance, compression.imbalance)
        still = compression.singular_values
        moving = min(compression.ranks[0], compression.ranks[-1])
        smallest = inner_course.values.sigma_min if moving else np.full_like(course.values.sigma_min, np.inf)
        complete = moving + len(still) == rank
        course.values.sigma_min[...] = np.minimum(smallest, np.min(still, initial=np.inf)) if complete else 0.0
    return f"compress, {names[0]}"
