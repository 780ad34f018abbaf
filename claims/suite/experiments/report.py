"""What the experiments share: the command line, the progress bar, Ctrl-C, the files, and the look of the figures.

An experiment's ``main`` reads, in this order::

    options = read_options("name", "What it does.", reduced="a coarse grid: seconds", arguments=arguments)
    with progress_bar() as progress:
        cells, interrupted = keep_finished(run(setting, progress, *options.workers))
    paths = write(options.out, "name", as_json(setting, cells), draw(setting, cells) if cells else None)
    return 130 if interrupted else 0

with ``draw`` working inside ``with style():``, and ``run`` giving its cells to :func:`cell_by_cell`. Nothing here
imports matplotlib before a figure is drawn.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import importlib.util
import platform
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from claims.campaigns.executors import add_executor_arguments, each
from claims.command_line.pieces import expect_files, files_hash
from claims.command_line.terminal import progress
from claims.suite.evidence import replacing, write_atomically
from solvers.descent import kernel

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Item = TypeVar("Item")
Line: TypeAlias = Literal["-", "--", ":", "-."]

TOOLS = ("deep-linear-claims", "numpy", "scikit-learn")
COLOURS = ("#0b3c7d", "#d9660a", "#1b7f4f", "#8b2f8f", "#6b6b6b")
"""Told apart in grey and by colour-blind readers when each also has its own line of LINES or marker of MARKERS."""
LINES: tuple[Line, ...] = ("-", "--", ":", "-.")
MARKERS = ("o", "s", "^", "D", "v", "P")

_NO_DATE = {"png": {"Software": None}, "svg": {"Date": None}}  # left out, so that the same run gives the same file
_STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.labelsize": 9,
    "legend.fontsize": 9,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that figures do not depend on the machine's fonts
    "mathtext.fontset": "dejavusans",
    "lines.linewidth": 1.4,
    "lines.markersize": 4,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "0.9",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
    "savefig.dpi": 200,
    "svg.hashsalt": "deep-linear-claims",
}


@dataclass(frozen=True)
class Options:
    """The command line: ``out`` is a directory that is there and can be written to."""

    out: Path
    reduced: bool
    workers: tuple[int, str | None] = (1, None)
    """Jobs and scheduler, as :func:`cell_by_cell` takes them."""


def read_options(name: str, description: str, *, reduced: str, arguments: Sequence[str] | None = None) -> Options:
    """--out DIR, --reduced, --jobs and --scheduler of ``python -m claims experiment NAME``; ``reduced`` says what is
    left.

    ``arguments`` None means those of the process. Makes DIR where it is missing. Ends the process with status 2 and
    a sentence where an argument is wrong, DIR cannot be made or written to, or matplotlib is missing: before the
    experiment has run, not after.
    """
    parser = argparse.ArgumentParser(
        prog=f"python -m claims experiment {name}",
        description=description,
        epilog=f"example: python -m claims experiment {name} --out figures\n"
        f"writes {name}.json, {name}.png and {name}.svg there. Ctrl-C keeps what was finished.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write; made if it is missing")
    parser.add_argument("--reduced", action="store_true", help=reduced)
    add_executor_arguments(parser, what="cells", default="1")
    chosen = parser.parse_args(arguments)
    if importlib.util.find_spec("matplotlib") is None:
        parser.error("the figure needs matplotlib, which is not installed; expected: pip install '.[plot]'")
    try:
        chosen.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        parser.error(f"--out is {chosen.out}, which cannot be made ({error.strerror}); expected a directory")
    try:
        tempfile.TemporaryFile(dir=chosen.out).close()
    except OSError as error:
        parser.error(
            f"--out is {chosen.out}, which cannot be written to ({error.strerror}); expected a directory that can"
        )
    return Options(chosen.out, chosen.reduced, (chosen.jobs or 1, chosen.scheduler))


@contextlib.contextmanager
def progress_bar() -> Iterator[Callable[[float], None]]:
    """A function to be told the fraction that is done, which draws a bar where standard error is a terminal."""
    with progress(stays=True) as show:
        yield lambda fraction: show(fraction, "")


def cell_by_cell(
    function: Callable[..., Item],
    cells: Sequence[tuple[Any, ...]],
    progress: Callable[[float], object],
    jobs: int = 1,
    scheduler: str | None = None,
    *,
    lengths: Sequence[float] | None = None,
    tells: bool = False,
) -> Iterator[Item]:
    """``function(*cell)`` for each cell, in their order, ``jobs`` at a time or on a cluster; ``progress`` is told the
    fraction that is done, of cells as long as ``lengths`` says.

    Where ``tells``, the function takes ``progress`` too, and tells of its cell while that is computed here. Ctrl-C:
    what was finished comes, in order, then KeyboardInterrupt. PieceError where a cell has no result.
    """
    ends = list(accumulate(lengths or [1.0] * len(cells), initial=0.0))
    if jobs == 1 and scheduler is None:
        for cell, begin, end in zip(cells, ends, ends[1:], strict=False):

            def tell(fraction: float, begin: float = begin, end: float = end) -> None:
                progress((begin + fraction * (end - begin)) / ends[-1])

            yield function(*cell, progress=tell) if tells else function(*cell)
            progress(end / ends[-1])
        return
    done: dict[int, Item] = {}
    came, first = 0.0, 0
    sha256 = files_hash() if scheduler is not None else ""
    try:
        for outcome in each(partial(_cell, function, sha256), enumerate(cells), jobs, scheduler):
            k = outcome.item[0]
            done[k] = outcome.value()
            came += ends[k + 1] - ends[k]
            progress(came / ends[-1])
            while first in done:
                yield done.pop(first)
                first += 1
    except KeyboardInterrupt:
        yield from (done[k] for k in sorted(done))
        raise


def _cell(function: Callable[..., Item], sha256: str, item: tuple[int, tuple[Any, ...]]) -> Item:
    """In a worker; one of another machine has the same files, or ValueError."""
    if sha256:
        expect_files(sha256)
    return function(*item[1])


def keep_finished(results: Iterable[Item], total: int | None = None) -> tuple[list[Item], bool]:
    """The items of ``results`` as a list, and whether Ctrl-C cut it short: then the list holds those that came before.

    With ``total``, the number of items expected, a sentence on stderr says how many are there.
    """
    finished: list[Item] = []
    try:
        for item in results:
            finished.append(item)  # an extend would lose what came before Ctrl-C
    except KeyboardInterrupt:
        of_all = f" of {total}" if total is not None else ""
        print(f"\ninterrupted: {len(finished)}{of_all} parts finished and kept", file=sys.stderr)
        return finished, True
    return finished, False


def tools() -> dict[str, str]:
    """Versions of what computes the numbers, for the JSON; ``kernel`` is how :mod:`solvers` was compiled, or none."""
    versions = {name: importlib.metadata.version(name) for name in TOOLS}
    return {"python": platform.python_version(), **versions, "kernel": kernel() or "none"}


def finite_or_none(numbers: ArrayLike) -> Any:
    """A number or (nested) list of them with None, which JSON has, for infinity and not-a-number, which it has not."""
    array = np.asarray(numbers, dtype=np.float64)
    if array.ndim == 0:
        return float(array) if np.isfinite(array) else None
    return [finite_or_none(entry) for entry in array]


@contextlib.contextmanager
def style() -> Iterator[None]:
    """The look of every figure, for a ``with`` around what draws it: made for print, and the same on every machine.

    Draw on a ``matplotlib.figure.Figure``, which needs no display; ``pyplot`` would keep the figure alive.
    """
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()  # not a matplotlibrc of the user's
        mpl.rcParams.update(_STYLE)
        yield


def scientific(number: float) -> str:
    """As mathematics in a label: ``$10^{-5}$``, ``$2 \\cdot 10^{6}$``, ``0.5``."""
    text = f"{number:.3g}"
    mantissa, mark, exponent = text.partition("e")
    if not mark:
        return text
    factor = "" if mantissa == "1" else f"{mantissa} \\cdot "
    return f"${factor}10^{{{int(exponent)}}}$"


def write(out: Path, name: str, content: dict[str, Any], figure: Figure | None) -> list[Path]:
    """``out``/``name``.json, and .png and .svg where there is a figure; each file all or nothing. Returns the paths.

    Raises ValueError where ``content`` holds infinity or not-a-number (:func:`finite_or_none`). The same content and
    figure give the same bytes: neither date nor the program's name is written into them.
    """
    paths = [out / f"{name}.json"]
    write_atomically(paths[0], content)
    if figure is None:
        return paths
    for form in ("png", "svg"):
        path = out / f"{name}.{form}"
        with style(), replacing(path) as file:
            figure.savefig(file, format=form, metadata=_NO_DATE[form])
        paths.append(path)
    return paths
