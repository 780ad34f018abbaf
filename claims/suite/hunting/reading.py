"""An expression of the user's, read and not run: what stands in the tables below is let in, and nothing else.

So what ``eval`` sees is arithmetic, comparisons and generators over the names and functions of
:mod:`~claims.suite.hunting.names`: no builtins, no attribute but a few of matrices, no name that begins with two
underscores. Each number that is written in it is exact: 0.1 is a tenth and 1 / 3 a third.
"""

from __future__ import annotations

import ast
import difflib
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from types import CodeType

from claims.suite.hunting.names import FUNCTIONS, NAMES, NUMBERS, OF_MATRICES, SERIES

LONGEST = 10_000
"""Characters of an expression."""
LARGEST_EXPONENT = 9999
"""Of ten, in a number as it is written."""

ALLOWED: tuple[type[ast.AST], ...] = (
    *(ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.UAdd, ast.IfExp),
    *(ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.MatMult),
    *(ast.Compare, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq, ast.In, ast.NotIn),
    *(ast.GeneratorExp, ast.ListComp, ast.comprehension, ast.Tuple, ast.List, ast.Starred),
    *(ast.Name, ast.Load, ast.Store, ast.Constant, ast.Call, ast.keyword, ast.Attribute, ast.Subscript, ast.Slice),
)
INSTEAD: dict[type[ast.AST], str] = {
    ast.Mod: "%; expected + - * / ** or @ (to count by twos: range(0, steps, 2))",
    ast.FloorDiv: "//; expected /, which is exact",
    ast.BitXor: "^; expected **",
    ast.BitAnd: "&; expected and",
    ast.BitOr: "|; expected or",
    ast.Invert: "~; expected not",
    ast.Is: "is; expected ==",
    ast.IsNot: "is not; expected !=",
    ast.Lambda: "lambda; expected an expression without functions of its own, or module:function",
    ast.NamedExpr: ":=; expected an expression without assignments, or module:function",
}
CALLED_OTHERWISE = {
    "int": "whole numbers are exact as they are",
    "round": "numbers are exact as they are",
    "pow": "write a ** b",
    "print": "an expression only says whether it is true",
    "W": "write end_to_end[t], or weights[t]",
    "Phi": "write target",
    "eta": "write learning_rate",
    "lr": "write learning_rate",
    "N": "write depth",
    "l": "write loss[t]",
    "np": "matrices have @, .T, .sum() and the like; for NumPy write module:function",
    "numpy": "matrices have @, .T, .sum() and the like; for NumPy write module:function",
    "math": "sqrt is there as sqrt; for others write module:function",
}


class ConjectureError(Exception):
    """A predicate that cannot be used, or that fails on a problem; the sentence is for its author."""


def shown(text: str) -> str:
    """An expression in a sentence about it."""
    return repr(text if len(text) <= 80 else f"{text[:50]} ... {text[-20:]}")


def is_function(text: str) -> bool:
    """Whether this is ``module:function``, and no expression."""
    return re.fullmatch(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", text.strip()) is not None


def stated(text: str, given: Sequence[str]) -> str:
    """The conjecture with its hypotheses, in a line."""
    said = text if len(given) == 0 else f"{' and '.join(f'({one})' for one in given)} implies ({text})"
    return " ".join(said.split())


def read(text: str) -> CodeType:
    """The expression as code, which asks for ``_trajectory``, ``_number`` and the functions.

    Raises ConjectureError with a sentence for whatever is not a plain expression.
    """
    with _understood(text):
        parsed = _parsed(text)
        return _compiled(text, parsed)


def read_alternatives(text: str) -> list[CodeType]:
    """Of ``A or B or C``: not A, not B, and C; of anything else, itself. Raises as :func:`read` does."""
    with _understood(text):
        parsed = _parsed(text)
        if not (isinstance(parsed, ast.BoolOp) and isinstance(parsed.op, ast.Or)):
            return [_compiled(text, parsed)]
        *earlier, last = parsed.values
        return [*(_compiled(text, ast.UnaryOp(ast.Not(), one)) for one in earlier), _compiled(text, last)]


@contextmanager
def _understood(text: str) -> Iterator[None]:
    """Whatever Python says of a text that is none of its expressions, as a sentence."""
    if len(text) > LONGEST:
        raise ConjectureError(f"{shown(text)} has {len(text)} characters; expected at most {LONGEST}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's advice on odd code, which is refused anyway
            yield
    except SyntaxError as error:
        place = f" at column {error.offset}" if error.offset else ""
        raise ConjectureError(
            f"{shown(text)} does not parse{place}: {error.msg}; expected a Python expression, as in "
            f"loss[1] <= loss[0], or module:function"
        ) from None
    except (RecursionError, MemoryError):  # Python's parser says either
        raise ConjectureError(f"{shown(text)} is nested too deep; expected a shorter expression") from None
    except ValueError as error:
        raise ConjectureError(f"{shown(text)} does not parse: {error}") from None


def _parsed(text: str) -> ast.expr:
    parsed = ast.parse(text.strip(), mode="eval").body
    _check_names(text, parsed)
    spelt = {id(node.args[0]) for node in ast.walk(parsed) if isinstance(node, ast.Call) and _of_a_text(node)}
    for node in ast.walk(parsed):
        for sentence in _complaints(node):
            if id(node) not in spelt:
                raise ConjectureError(f"{shown(text)} {sentence}")
    return parsed


def _of_a_text(call: ast.Call) -> bool:
    """float("inf") and Fraction("1/3"): the one place of a text."""
    named = isinstance(call.func, ast.Name) and call.func.id in ("float", "Fraction")
    return named and len(call.args) == 1 and isinstance(call.args[0], ast.Constant)


def _compiled(text: str, parsed: ast.expr) -> CodeType:
    body = ast.fix_missing_locations(ast.Expression(_Exact(text.strip()).visit(parsed)))
    return compile(body, "<conjecture>", "eval")


def _check_names(text: str, parsed: ast.expr) -> None:
    names = [node for node in ast.walk(parsed) if isinstance(node, ast.Name)]
    bound = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    bound |= {node.arg for node in ast.walk(parsed) if isinstance(node, ast.arg)}
    unknown = sorted({node.id for node in names if isinstance(node.ctx, ast.Load)} - {*bound, *NAMES, *FUNCTIONS})
    if unknown:
        raise ConjectureError(
            f"{shown(text)} uses {', '.join(unknown)}, which is not known; expected {', '.join(NAMES)}, "
            f"or the functions {', '.join(FUNCTIONS)}{_advice(unknown[0])}"
        )
    inner = {name for name in bound if name.startswith("_") and name != "_"}
    shadowed = sorted(inner | bound & {*NAMES, *FUNCTIONS})
    if shadowed:
        raise ConjectureError(f"{shown(text)} gives {', '.join(shadowed)} another meaning; expected another name")


def _advice(name: str) -> str:
    if name in CALLED_OTHERWISE:
        return f". For {name}: {CALLED_OTHERWISE[name]}"
    if re.fullmatch("[a-z]", name):
        return f". For every step: all(loss[{name}] >= 0 for {name} in range(steps + 1))"
    near = difflib.get_close_matches(name, [*NAMES, *FUNCTIONS], 1)
    return f". Is {near[0]} meant?" if near else ""


def _complaints(node: ast.AST) -> Iterator[str]:
    """What a part of an expression has that is not let in, as the end of a sentence."""
    if not isinstance(node, ALLOWED):
        yield f"uses {INSTEAD.get(type(node), f'{type(node).__name__}, which is not known here; {PLAIN}')}"
    match node:
        case ast.Attribute(attr=attribute) if attribute not in OF_MATRICES:
            yield f"asks for .{attribute}; expected one of .{', .'.join(OF_MATRICES)}, of a matrix"
        case ast.Call(func=ast.Name(id=name)) if name in SERIES:
            yield f"calls {name}, which is no function; write {name}[t]"
        case ast.Call(func=ast.Name(id=name)) if name not in FUNCTIONS:
            yield f"calls {name}, which is no function; write {name}"
        case ast.Call(func=func) if not isinstance(func, ast.Name | ast.Attribute):
            yield f"calls {shown(ast.unparse(func))}, which is no function; expected one of {', '.join(FUNCTIONS)}"
        case ast.Subscript(value=ast.Name(id=name)) if name in (*NUMBERS, "converges"):
            yield f"asks for {name}[...]: {name} is {MEANT[name]}; write {name}"
        case ast.Constant(value=complex() as value):
            yield f"has the complex number {value}; expected real ones"
        case ast.Constant(value=str() | bytes() as value):
            yield f"has the text {value!r:.40}; expected numbers"
        case ast.Constant(value=value) if value is ...:
            yield f"has ...; {PLAIN}"
    for operand in _operands(node):
        if isinstance(operand, ast.Name) and operand.id in SERIES:
            yield f"takes {operand.id} for one number, but {operand.id} is a series: write {operand.id}[t]"


PLAIN = "expected arithmetic, comparisons, and, or, not, if, and generators such as all(... for t in range(steps + 1))"
MEANT = dict.fromkeys(NUMBERS, "one number, of step 0") | {
    "steps": "one number",
    "depth": "one number",
    "learning_rate": "one number",
    "converges": "true or false",
}


def _operands(node: ast.AST) -> list[ast.expr]:
    """What is to be one number, truth value or matrix."""
    match node:
        case ast.Compare(left=left, ops=ops, comparators=right):
            series_allowed = [isinstance(op, ast.In | ast.NotIn) for op in ops]
            return [left, *(one for one, allowed in zip(right, series_allowed, strict=True) if not allowed)]
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.UnaryOp(operand=operand):
            return [operand]
        case ast.BoolOp(values=values):
            return values
        case ast.IfExp(test=test):
            return [test]
        case ast.Call(func=ast.Name(id="sqrt" | "norm" | "determinant" | "identity" | "abs"), args=arguments):
            return arguments
    return []


class _Exact(ast.NodeTransformer):
    """Names of the trajectory become its attributes; numbers become exact ones, from the text as written."""

    def __init__(self, source: str) -> None:
        self._source = source

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in NAMES:
            return node
        whole = ast.Name("_trajectory", ast.Load())
        return ast.copy_location(ast.Attribute(whole, node.id, ast.Load()), node)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            return node
        text = str(node.value) if isinstance(node.value, int) else ast.get_source_segment(self._source, node)
        exponent = re.search(r"[eE][+-]?([0-9_]+)$", text or "")
        if exponent and int(exponent[1]) > LARGEST_EXPONENT:
            raise ConjectureError(f"{shown(self._source)} has the number {text}; expected exponents up to 9999")
        call = ast.Call(ast.Name("_number", ast.Load()), [ast.Constant(str(Fraction(text or node.value)))], [])
        return ast.copy_location(call, node)
