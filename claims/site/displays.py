r"""A formula of a display in LaTeX: quotients as fractions, and brackets as tall as what is between them.

In a line of text ``a / b`` stays as it is. In a display all factors before a slash with spaces around it are its
numerator, and of a slash without spaces one factor alone; the factor behind is the denominator. So the statements are
written: ``eta/2 c`` is half of both, and what is under a slash and is a product stands in brackets.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from claims.command_line.formula_tokens import FUNCTIONS, PAIRS, Token
from claims.command_line.mathematics import latex_token, tidy

LIMITED = ("sum", "prod", "int", "max", "min", "inf", "sup")
"""What takes limits is no factor of a numerator: what follows is its own."""
DIFFERENTIAL = ("d",)
"""What "d^2 f/dx^2" begins with."""
TALL = ("sum", "prod", "int")
CLOSING = {**PAIRS, "<": ">"}


@dataclass
class Group:
    """What is between two brackets or bars, and these themselves; the second has the scripts."""

    opening: Token
    items: list[Token | Group] = field(default_factory=list)
    closing: Token | None = None

    @property
    def superfluous(self) -> bool:
        """Round brackets around one expression: a fraction's line does their work."""
        scripts = self.closing is not None and self.closing.scripts
        listed = any(isinstance(item, Token) and item.text in (",", ";") for item in self.items)
        return self.opening.text == "(" and not (self.opening.latex or scripts or listed)


Item = Token | Group


def display_latex(tokens: Sequence[Token]) -> str:
    """The formula's LaTeX in the style of a display."""
    return tidy(_written(_grouped(tokens), stacks=True))


def _grouped(tokens: Sequence[Token]) -> list[Item]:
    """Brackets and bars in pairs; one without the other is a sign as any."""
    found: list[list[Item]] = [[]]
    opened: list[Group] = []
    before: Token | None = None
    for token in tokens:
        while len(opened) > 1 and opened[-1].opening.kind == "bar" and _ends(token, opened[-2], before):
            _ungroup(found, opened)
        if opened and _ends(token, opened[-1], before):
            group = opened.pop()
            group.items, group.closing = found.pop(), token
            found[-1].append(group)
        elif token.text in PAIRS or token.latex == r"\langle " or (token.kind == "bar" and not token.latex):
            opened.append(Group(token))
            found.append([])
        else:
            found[-1].append(token)
        before = before if token.kind == "space" else token
    while opened:
        _ungroup(found, opened)
    return found[0]


def _ungroup(found: list[list[Item]], opened: list[Group]) -> None:
    inside = found.pop()
    found[-1] += [opened.pop().opening, *inside]


def _ends(token: Token, group: Group, before: Token | None) -> bool:
    """Whether a token is the other end of a group: a bar is, but behind an operator, where it opens one."""
    opening = group.opening
    if opening.kind != "bar":
        return token.text == CLOSING[opening.text]
    opens = before is opening or (before is not None and before.kind == "operator")
    return token.text == opening.text and not token.latex and (not opens or bool(token.scripts))


def _written(items: Sequence[Item], *, stacks: bool) -> str:
    """LaTeX of neighbours; ``stacks`` allows fractions among them, which are not put into each other."""
    written: list[str] = []
    begun = 0
    while (position := len(written)) < len(items):
        start, under, end = _operands(items, position) if stacks else (position, position, position)
        if begun <= start < position:
            del written[start:]
            written.append(rf"\frac{{{_bare(items[start:position])}}}{{{_bare(items[under:end])}}}")
            written += [""] * (end - start - 1)
            begun = end
        else:
            bare = stacks and not _is_factor(items, position - 1) and _is_quotient(items[position])
            written.append(_bare([items[position]], stacks=True) if bare else _item(items[position], stacks=stacks))
    return "".join(written)


def _operands(items: Sequence[Item], position: int) -> tuple[int, int, int]:
    """Of a slash: where its numerator begins, where its denominator does, and where that ends. All of them the position
    itself where there is no slash, or it is not clear what belongs to it."""
    nothing = position, position, position
    slash = items[position]
    if not (isinstance(slash, Token) and slash.text == "/" and not slash.latex):
        return nothing
    start = _numerator(items, position)
    under = position + 1 + _is_space(items, position + 1)
    end = _factor(items, under)
    divides = _is_slash(items, start - 1 - _is_space(items, start - 1))
    divided = _is_slash(items, end + _is_space(items, end))
    return nothing if end == under or _is_factor(items, end) or divides or divided else (start, under, end)


def _numerator(items: Sequence[Item], position: int) -> int:
    """Back over the factors, with a space before the slash over all of them, and the spaces between; a number that is a
    fraction already stays in front."""
    spaced = _is_space(items, position - 1)
    start = end = position - spaced
    while _is_multiplied(items, start - 1):
        start -= 1
        if _is_space(items, start - 1) and _is_multiplied(items, start - 2):
            if not spaced and _is_named(items, start - 2):
                return position
            start -= spaced or _is_named(items, start - 2, DIFFERENTIAL)
    return start if start < end else position


def _is_multiplied(items: Sequence[Item], position: int) -> bool:
    return _is_factor(items, position) and not getattr(items[position], "latex", "").startswith(r"\frac")


def _factor(items: Sequence[Item], begin: int) -> int:
    """The end of the factor that begins here, a function's argument with it."""
    end = begin
    while _is_factor(items, end) and (end == begin or isinstance(items[end], Group)):
        end += 1
    applied = end == begin + 1 and _is_named(items, begin) and _is_space(items, end)
    return _factor(items, end + 1) if applied else end


def _is_named(items: Sequence[Item], position: int, names: Container[str] = FUNCTIONS) -> bool:
    return getattr(items[position], "text", "") in names


def _is_space(items: Sequence[Item], position: int) -> bool:
    return 0 <= position < len(items) and getattr(items[position], "kind", "") == "space"


def _is_slash(items: Sequence[Item], position: int) -> bool:
    return 0 <= position < len(items) and getattr(items[position], "text", "") == "/"


def _is_factor(items: Sequence[Item], position: int) -> bool:
    if not 0 <= position < len(items):
        return False
    item = items[position]
    return isinstance(item, Group) or (item.kind in ("word", "number", "dots") and item.text not in LIMITED)


def _is_quotient(item: Item) -> bool:
    """Whether a fraction is all there is in a pair of brackets, which need not stand around it then."""
    if not (isinstance(item, Group) and item.superfluous):
        return False
    slashes = [position for position in range(len(item.items)) if _is_slash(item.items, position)]
    return len(slashes) == 1 and _operands(item.items, slashes[0])[::2] == (0, len(item.items))


def _bare(items: Sequence[Item], *, stacks: bool = False) -> str:
    """A numerator or denominator, without the brackets around all of it."""
    items = items[:-1] if _is_space(items, len(items) - 1) else items
    only = items[0] if len(items) == 1 else None
    inside = only.items if isinstance(only, Group) and only.superfluous else items
    return _written(inside, stacks=stacks)


def _item(item: Item, *, stacks: bool) -> str:
    if isinstance(item, Token):
        return " " if item.kind == "space" else latex_token(item)
    if matrix := _matrix(item):
        return rf"\begin{{bmatrix}}{matrix}\end{{bmatrix}}"
    inside = _written(item.items, stacks=stacks)
    if item.opening.kind == "bar" and inside.startswith("-"):
        inside = "{-}" + inside[1:]
    opening, closing = latex_token(item.opening), latex_token(item.closing) if item.closing else ""
    tall = r"\frac" in inside or any(isinstance(each, Token) and each.text in TALL for each in item.items)
    stretches = tall and item.opening.latex in ("", r"\langle ")
    return rf"\left{opening}{inside}\right{closing}" if stretches else f"{opening}{inside}{closing}"


def _matrix(group: Group) -> str:
    """The rows of "[[a, b], [c, d]]"; empty where a group is none, or has scripts."""
    rows = [item for item in group.items if isinstance(item, Group)]
    between = [item for item in group.items if isinstance(item, Token) and item.kind != "space"]
    squares = all(row.opening.text == "[" for row in (group, *rows)) and not (group.closing and group.closing.scripts)
    if not squares or len(rows) < 2 or [item.text for item in between] != [","] * (len(rows) - 1):
        return ""
    cells = [[_written(cell, stacks=False) for cell in _listed(row.items)] for row in rows]
    return r" \\ ".join(" & ".join(row) for row in cells) if len({len(row) for row in cells}) == 1 else ""


def _listed(items: Sequence[Item]) -> list[list[Item]]:
    """What is between the commas."""
    found: list[list[Item]] = [[]]
    for item in items:
        if isinstance(item, Token) and item.text == ",":
            found.append([])
        else:
            found[-1].append(item)
    return found
