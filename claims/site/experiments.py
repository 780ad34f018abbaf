"""The experiments, with their figures and numbers where a directory of them is given."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from claims.book import CLAIMS
from claims.command_line.errors import UsageError
from claims.command_line.experimenting import Experiment, experiments
from claims.site.material import Material
from claims.site.pages import File, Page

FORMS = ("svg", "png", "json")
LARGEST = 16 * 2**20
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Shown:
    """An experiment, what its module says of it, the size of its figure in pixels, and its files by form."""

    experiment: Experiment
    text: str
    size: tuple[int, int] | None
    files: dict[str, str]


def pages(material: Material) -> Iterator[Page | File]:
    """One page, and the files."""
    found = []
    for experiment in experiments():
        files = dict(_files(experiment.name, material.figures))
        yield from files.values()
        size = _size(files["png"]) if "png" in files else None
        found.append(Shown(experiment, _text(experiment), size, {form: file.path for form, file in files.items()}))
    yield Page(
        "experiments",
        "Experiments",
        "experiments.html",
        {"experiments": found},
        summary="What papers show in figures, repeated.",
        words=" ".join(f"{each.name} {each.summary}" for each in experiments()),
    )


def _text(experiment: Experiment) -> str:
    path = CLAIMS.parent / Path(*experiment.module.split(".")).with_suffix(".py")
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n\n")[2]


def _files(name: str, figures: Path | None) -> Iterator[tuple[str, File]]:
    """NAME.svg, NAME.png and NAME.json of the directory, those that there are. UsageError for one that is too large."""
    for form in FORMS if figures else ():
        path = Path(figures or "", f"{name}.{form}")
        if path.is_file():
            if path.stat().st_size > LARGEST:
                raise UsageError(
                    f"--figures has {path}, which is larger than {LARGEST} bytes; expected an experiment's"
                )
            yield form, File(f"experiments/{name}.{form}", path.read_bytes())


def _size(file: File) -> tuple[int, int]:
    """Width and height, so that the page does not move when the picture comes. UsageError for what is no PNG."""
    png = file.content
    if png[:8] != PNG or png[12:16] != b"IHDR" or len(png) < 24:
        name = file.path.rpartition("/")[2]
        raise UsageError(f"--figures has {name}, which is no PNG; expected what `experiment NAME --out DIR` writes")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
