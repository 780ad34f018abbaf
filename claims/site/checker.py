"""The checker of counterexamples in the reader's own browser: its scripts in ``static/check``.

They are classic scripts without any dependency, because a page that is opened from a disk may load no modules.
"""

from __future__ import annotations

SCRIPTS = (
    "start.js",
    "reading.js",
    "digest.js",
    "rationals.js",
    "matrices.js",
    "polynomials.js",
    "forms.js",
    "networks.js",
    "lasting.js",
    "invariant.js",
    "theorems.js",
    "intervals.js",
    "facts.js",
    "finite.js",
    "rings.js",
    "landscapes.js",
    "critical.js",
    "relu.js",
    "reals.js",
    "units.js",
    "steppers.js",
    "shallow.js",
    "check.js",
    "run.js",
)
"""In the order in which a page loads them: ``DLC.check(text)`` and ``DLC.run(text)`` are there after the last one."""
