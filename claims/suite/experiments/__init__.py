"""Experiments that repeat what papers show in figures: each is a command, ``python -m claims.experiments.<name> --out
DIR``, that writes its numbers as JSON and its figure as PNG and SVG, the same files byte by byte on every run with the
same tools; the claim of the same subject in ``claims/`` runs a reduced form of it as evidence. Figures need matplotlib
(the extra ``plot``); everything else here does without.
"""
