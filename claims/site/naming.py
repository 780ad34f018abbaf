"""The names of headings, links and table headers that have formulas, for those who hear them.

A browser makes such a name of the text inside, and leaves MathML out: "Two layers jump between and". A formula there is
given the words that it was typed as; elsewhere a screen reader reads the formula itself.
"""

from __future__ import annotations

import re

TAG = re.compile(r"<(/?)(?:h[1-6]|a|th|summary|button|label)\b[^>]*>|<math\b[^>]*\balttext=(\"[^\"]*\")[^>]*>")
"""Elements that are named by what is in them, and formulas."""


def named(html: str) -> str:
    """The page, with a label for each formula that is in such an element."""
    inside = 0

    def labelled(tag: re.Match[str]) -> str:
        nonlocal inside
        if tag[2] is None:
            inside += -1 if tag[1] else 1
            return tag[0]
        return tag[0].replace("<math", f"<math aria-label={tag[2]}", 1) if inside else tag[0]

    return TAG.sub(labelled, html) if "<math" in html else html
