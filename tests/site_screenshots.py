"""Pictures of the site to look at: ``python tests/site_screenshots.py SITE OUT``, a page of each kind at three widths,
light and dark; names of more pages may follow."""

import sys
from itertools import product
from pathlib import Path

from browser import launched

PAGES = ("", "DL-004", "DL-018", "DLX-015", "DLX-030", "counterexamples", "chapters", "hypotheses", "tightness", "open")
WIDTHS = (360, 800, 1400)
MOST = 6000
"""Pixels of a page's height; what is below is not drawn."""


def take(site: Path, out: Path, names: tuple[str, ...]) -> None:
    """A file for each page, width and scheme."""
    out.mkdir(parents=True, exist_ok=True)
    with launched() as browser:
        for width, scheme in product(WIDTHS, ("light", "dark")):
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            for name in names:
                page.goto((site / name / "index.html").resolve().as_uri())
                page.wait_for_load_state("networkidle")
                height = min(MOST, page.evaluate("document.documentElement.scrollHeight"))
                page.set_viewport_size({"width": width, "height": height})
                page.screenshot(path=out / f"{name.replace('/', '-') or 'home'}-{width}-{scheme}.png")
            context.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]), Path(sys.argv[2]), tuple(sys.argv[3:]) or PAGES)
