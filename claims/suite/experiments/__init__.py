"""What the experiments share, those commands that repeat what papers show in figures.

An experiment stands in the ``experiments`` of its chapter, and ``python -m claims experiment NAME --out DIR`` runs it.
It writes its numbers as JSON and its figure as PNG and SVG, the same files byte by byte on every run with the same
tools; the claim of the same subject runs a reduced form of it as evidence. Figures need matplotlib (the extra
``plot``); everything else does without.
"""
