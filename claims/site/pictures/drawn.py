"""The pictures of any counterexample, and the reason of each that is not there."""

from __future__ import annotations

from claims.counterexamples.catalogue import Counterexample, Entry
from claims.counterexamples.landscape_files import LandscapeCounterexample
from claims.site.pictures.networks import network_pictures
from claims.site.pictures.plots import Plot
from claims.site.pictures.sections import landscape_pictures
from claims.site.pictures.shallow import shallow_pictures


def plots(entry: Entry) -> tuple[list[Plot], list[str]]:
    """What can be shown of it, and sentences on what cannot."""
    if isinstance(entry, Counterexample):
        return network_pictures(entry)
    return landscape_pictures(entry) if isinstance(entry, LandscapeCounterexample) else shallow_pictures(entry)
