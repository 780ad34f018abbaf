"""The two tables at the end of a benchmark session: network-steps a second, and ours over each peer with its target."""

from __future__ import annotations

from collections.abc import Iterator

COLUMNS = ("white", "naive", "torch", "jax", "no dots", "jax tuned", "C", "dgemm", "lanes", "tiles", "kernel", "ours")

TARGETS = (  # row, ours (the fastest of these), peer, factor wanted
    ("mixed 100", ("ours",), "naive", 30),
    ("mixed 100", ("ours",), "torch", 150),
    ("mixed 100", ("ours",), "jax", 150),
    ("mixed 100", ("ours",), "jax tuned", 6),
    ("1024 x 2-2-2", ("lanes", "tiles"), "naive", 8),
    ("1024 x 4-4-4-4", ("lanes", "tiles"), "naive", 2.4),
    ("1024 x 4-4-4-4", ("lanes", "tiles"), "jax", 3),
    ("1024 x 8-8-8-8-8", ("lanes", "tiles"), "naive", 2.3),
    ("1024 x 10-5-3-1", ("lanes", "tiles"), "naive", 6),
    *(
        (f"1024 x {shape}", ("kernel",), peer, factor)
        for peer in ("no dots", "jax tuned")
        for shape, factor in (("2-2-2", 3), ("4-4-4-4", 8), ("8-8-8-8-8", 8))
    ),
    *(
        (row, ("kernel",), "C", 0.9)
        for row in (
            *(f"1024 x {shape}" for shape in ("2-2-2", "4-4-4-4", "8-8-8-8-8", "10-5-3-1", "7-3-5", "3-2-1")),
            *("4-4-4-4", "8-8-8-8-8", "10-5-3-1", "7-3-5", "3-2-1", "2-2-2"),
        )
    ),
    ("4-4-4-4", ("kernel",), "naive", 30),
    ("4-4-4-4", ("kernel",), "jax tuned", 1),
    ("64-64-64-64-64-64", ("ours",), "dgemm", 0.9),
    ("256-256-256-256", ("ours",), "dgemm", 0.9),
    ("512-512-512-512", ("ours",), "dgemm", 0.9),
    ("balanced 512-512-512-4", ("ours",), "naive", 300),
    *(
        (f"1000 starts, rank M = {rank}", ("ours",), peer, factor)
        for rank in (5, 20)
        for peer, factor in (("naive", 20), ("jax", 1))
    ),
    *(
        (f"10^4 starts, {model}", ("ours",), peer, factor)
        for model in ("one unit", "5 patches")
        for peer, factor in (("naive", 50), ("jax", 1))
    ),
    *(
        (f"{run}, {form}", ("ours",), "white", 0.67)
        for run in (
            "1024 x 4-4-4-4, kernel",
            "1024 x 4-4-4-4, lanes",
            "1024 x 8-8-8-8-8, kernel",
            "1024 x 8-8-8-8-8, tiles",
            "1 x 4-4-4-4, kernel",
            "1 x 4-4-4-4, dots",
            "1 x 8-8-8-8-8, kernel",
            "1 x 8-8-8-8-8, dots",
        )
        for form in ("covariance", "mask")
    ),
    *(("4 sharpnesses, 16-16-16-16", ("ours",), peer, 10) for peer in ("naive", "jax")),
)

MEMORY_TARGET = 2**30
WIDEST = 36

rates: dict[tuple[str, str], float] = {}
"""(row, peer) -> network-steps a second, from the fastest round."""

two_threads: dict[int, float] = {}
"""Threads -> network-steps a second of all of them, not pinned to one core."""

peak_memory: list[int] = []
"""Peak resident bytes of the process that runs 10^6 networks."""


def lines() -> Iterator[str]:
    """Both tables, as far as their numbers were measured in this session."""
    rows = list(dict.fromkeys(row for row, _ in rates))
    yield "network-steps a second (fastest round; one thread, pinned to one core)"
    yield " " * WIDEST + "".join(f"{column:>10}" for column in COLUMNS)
    for row in rows:
        yield f"{row:{WIDEST}}" + "".join(f"{_short(rates.get((row, column))):>10}" for column in COLUMNS)
    yield ""
    yield f"{'workload':{WIDEST}}{'ours':>8} / {'peer':10}{'ratio':>8}{'target':>8}"
    for row, ours, peer, target in TARGETS:
        measured = [name for name in ours if (row, name) in rates]
        if measured and (row, peer) in rates:
            name = max(measured, key=lambda name: rates[row, name])
            yield _verdict(f"{row:{WIDEST}}{name:>8} / {peer:10}", rates[row, name] / rates[row, peer], target)
    if two_threads.keys() == {1, 2}:
        yield f"{'two threads':{WIDEST}}{'2':>8} / {'1 thread':10}{two_threads[2] / two_threads[1]:>8.2f}"
    for peak in peak_memory:
        outcome = "reached" if peak < MEMORY_TARGET else "MISSED"
        yield f"{'10^6 x 4-4-4-4':{WIDEST}}{'peak memory':21}{peak / 2**20:>8.0f}{'< 1024':>8} MiB  {outcome}"


def _verdict(label: str, ratio: float, target: float) -> str:
    shown = f"{ratio:.0f}" if ratio >= 100 else f"{ratio:.2f}"
    return f"{label}{shown:>8}{target:>8g}  {'reached' if ratio >= target else 'MISSED'}"


def _short(rate: float | None) -> str:
    """Three digits and a unit."""
    if rate is None:
        return "-"
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if rate >= size:
            return f"{rate / size:.3g} {unit}"
    return f"{rate:.3g}"
