"""What is mutated in a module, and how: one constant, exponent, sign, factor or comparison of one formula at a time.

A mutant is a node of the module's syntax tree and what stands in its place. Left alone are what says and checks rather
than states: docstrings, annotations, decorators, f-strings, ``assert`` and ``raise``; and subscripts, which are places.
In a claim only what states it is mutated: functions and lambdas that give a number, a matrix, a truth value, a
comparison or a verdict, what their parameters are unless a control falsifies it, and constants that are numbers;
neither tests and other functions that give nothing, nor what draws and poses instances. In strategies the numbers that
a call of Hypothesis or of a generator is given stay, which say how large and how often things are drawn.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

FUNCTIONS = (ast.FunctionDef, ast.Lambda)
WORDS = """
Any Expr Sum MatrixExpr sympy Scalar Number fmpq fmpz arb int float bool Fraction Interval Enclosure fmpq_poly
ObjectArray FloatArray FloatMatrix Matrix NDArray np float64 bool_ Comparison Verdict Gap Sides Row Law Series
list tuple dict set str Iterator Iterable None
"""
STATES = frozenset(WORDS.split())
"""The words of the return annotations of what states a claim; None beside others, and never alone."""
DRAWS = re.compile(r"(st|strategies|hypothesis)\.|.*\.(map|flatmap|filter)$", re.DOTALL)
"""Calls whose lambdas draw instances."""
GENERATES = re.compile(r"(st|rng|random)\.\w+")
"""Calls whose numbers say how large and how often things are drawn."""


@dataclass(frozen=True)
class Mutant:
    """``before`` on a line, in the function ``owner`` ("" for a module's constant), becomes ``after``.

    The function begins at the line ``first`` and ends at a line and column; ``default`` where the formula is what a
    parameter of it is unless something else is given, and ``at_import`` where the module itself calls it while it is
    imported. ``node`` counts the nodes of the module's
    tree as :func:`ast.walk` gives them, ``change`` those of the node, and ``nth`` the same mutations of the same text.
    """

    path: str
    line: int
    owner: str
    first: int
    end: tuple[int, int]
    text: str
    before: str
    after: str
    node: int
    change: int
    nth: int
    default: bool = False
    at_import: bool = False

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def mutation(self) -> str:
        return f"{self.before} -> {self.after}"

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """By which it is known when lines have moved."""
        return self.path, self.owner, self.text, self.mutation, self.nth


def source(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def mutants(path: str) -> list[Mutant]:
    """Of the module at a path that is relative to the project's, in the order of their lines."""
    tree = ast.parse(source(path))
    lines = source(path).splitlines()
    numbers_of = {id(node): number for number, node in enumerate(ast.walk(tree))}
    seen: Counter[tuple[str, ...]] = Counter()
    early = called_at_import(tree)
    sizes = sizes_of_draws(tree) if path.startswith("strategies/") else set()
    found = []
    for owner, top in owners(tree):
        if path.startswith("claims/") and not states(top):
            continue
        defaults = list(stated(top)) if path.startswith("claims/") else []
        for node in [each for each in [*inside(top), *defaults] if id(each) not in sizes]:
            text = lines[node.lineno - 1].strip()
            for change, new in enumerate(changes(node)):
                what = (text, *shown(node, new))
                at = numbers_of[id(node)], change, seen[owner, *what]
                found.append(
                    Mutant(path, node.lineno, owner, *place(top), *what, *at, node in defaults, owner in early)
                )
                seen[owner, *what] += 1
    return sorted(found, key=lambda each: (each.line, each.node, each.change))


def shown(node: ast.expr, new: ast.expr) -> tuple[str, str]:
    """The two formulas as a reader sees them, on one line each."""
    return ast.unparse(node), ast.unparse(ast.fix_missing_locations(new))


def mutated(mutant: Mutant) -> ast.Module:
    """The module's tree with the mutant in it."""
    tree = ast.parse(source(mutant.path))
    node = list(ast.walk(tree))[mutant.node]
    new = ast.fix_missing_locations(ast.copy_location(changes(node)[mutant.change], node))
    node.__class__, node.__dict__ = new.__class__, new.__dict__
    return tree


# Where.


def owners(tree: ast.Module) -> list[tuple[str, ast.AST]]:
    """The outermost functions and lambdas of a module and of its classes, by their names, and "" its constants."""
    found: list[tuple[str, ast.AST]] = []

    def visit(node: ast.AST, within: str) -> None:
        if isinstance(node, FUNCTIONS):
            found.append((within + getattr(node, "name", "<lambda>"), node))
            for outside in outside_of(node):
                visit(outside, within)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and not within and is_number(node.value):
            found.append(("", node))
        elif not (isinstance(node, ast.Call) and DRAWS.match(ast.unparse(node.func))):
            within = f"{within}{node.name}." if isinstance(node, ast.ClassDef) else within
            for child in ast.iter_child_nodes(node):
                visit(child, within)

    visit(tree, "")
    return found


def called_at_import(tree: ast.Module) -> set[str]:
    """The functions that a module calls by their names while it is imported, as decorators too."""
    found = set[str]()

    def visit(node: ast.AST) -> None:
        called = [node.func] if isinstance(node, ast.Call) else getattr(node, "decorator_list", [])
        found.update(each.id for each in called if isinstance(each, ast.Name))
        for child in outside_of(node) if isinstance(node, FUNCTIONS) else ast.iter_child_nodes(node):
            visit(child)

    visit(tree)
    return found


def sizes_of_draws(tree: ast.Module) -> set[int]:
    """The numbers that are given to what draws, by their nodes' ids."""
    calls = (each for each in ast.walk(tree) if isinstance(each, ast.Call))
    draws = (each for each in calls if GENERATES.fullmatch(ast.unparse(each.func)))
    given = (part for call in draws for part in [*call.args, *(each.value for each in call.keywords)])
    return {id(each) for part in given for each in ast.walk(part) if isinstance(each, ast.Constant)}


def place(top: ast.AST) -> tuple[int, tuple[int, int]]:
    """Where a function begins, its decorators included, and where what it gives ends."""
    lines = [each.lineno for each in (top, *getattr(top, "decorator_list", []))]
    last = top.body if isinstance(top, ast.Lambda) else top
    return min(lines), (last.end_lineno or 0, last.end_col_offset or 0)


def outside_of(function: ast.FunctionDef | ast.Lambda) -> list[ast.expr]:
    """What of a function is evaluated where it is defined."""
    return [*getattr(function, "decorator_list", []), *defaults_in(function)]


def defaults_in(function: ast.FunctionDef | ast.Lambda) -> list[ast.expr]:
    return [each for each in (*function.args.defaults, *function.args.kw_defaults) if each is not None]


def stated(top: ast.AST) -> Iterator[ast.expr]:
    """The expressions in a function's defaults, but for lambdas, which are owners of their own."""
    for each in defaults_in(top) if isinstance(top, ast.FunctionDef) else []:
        if not isinstance(each, ast.Lambda) and not is_text(each):
            yield from inside(each)


def defaults_of(mutant: Mutant, names: dict[str, Any]) -> tuple[tuple[Any, ...] | None, dict[str, Any] | None]:
    """What the parameters of the function that a mutant is in are with it, those by place and those by name."""
    tree = mutated(mutant)
    functions = (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef))
    arguments = next(each.args for each in functions if place(each)[0] == mutant.first)

    def value(formula: ast.expr) -> Any:
        return eval(compile(ast.Expression(formula), mutant.path, "eval"), names)

    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    by_name = {parameter.arg: value(formula) for parameter, formula in named if formula is not None}
    return tuple(map(value, arguments.defaults)) or None, by_name or None


def is_number(value: ast.expr | None) -> bool:
    """Whether a constant is a formula of numbers: of numbers, names, arithmetic and a few functions."""
    if value is None:
        return False
    fair = (
        ast.Constant,
        ast.Name,
        ast.BinOp,
        ast.UnaryOp,
        ast.Call,
        ast.Attribute,
        ast.operator,
        ast.unaryop,
        ast.Load,
    )
    if not all(isinstance(node, fair) for node in ast.walk(value)):
        return False
    if any(isinstance(node, ast.Constant) and isinstance(node.value, str | bool) for node in ast.walk(value)):
        return False
    calls = [ast.unparse(node.func) for node in ast.walk(value) if isinstance(node, ast.Call)]
    return all(
        re.fullmatch(r"fmpq|fmpz|arb|Fraction|(sympy|math|np)\.(Rational|sqrt|exp|log|pi)", name) for name in calls
    )


def states(top: ast.AST) -> bool:
    """Whether a function of a claim's module says something of the claim."""
    if not isinstance(top, ast.FunctionDef):
        return True
    decorators = " ".join(ast.unparse(each) for each in top.decorator_list)
    words = set(re.findall(r"\w+", ast.unparse(top.returns) if top.returns else ""))
    return (
        not top.name.startswith("test_")
        and not re.search("composite|fixture", decorators)
        and words - {"None"} != set()
        and words <= STATES
    )


def inside(top: ast.AST) -> Iterator[ast.expr]:
    """The expressions of a function, or of a constant, that may be changed."""
    if isinstance(top, ast.Assert | ast.Raise | ast.JoinedStr):
        return
    parts = {
        ast.FunctionDef: ["body"],
        ast.Lambda: ["body"],
        ast.Assign: ["value"],
        ast.AnnAssign: ["value"],
        ast.Subscript: ["value"],
        ast.ClassDef: [],
    }.get(type(top), top._fields)
    if isinstance(top, ast.expr):
        yield top
    for part in parts:
        value = getattr(top, part, None)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.AST) and not is_text(each):
                yield from inside(each)


def is_text(node: ast.AST) -> bool:
    """A docstring, or a sentence; not the name of a relation."""
    node = node.value if isinstance(node, ast.Expr) else node
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in RELATIONS


# How.

RELATIONS = {"<=": ("<", ">="), "<": ("<=", ">"), ">=": (">", "<="), ">": (">=", "<"), "==": ("<=", ">=")}
COMPARED = {
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
SIGNS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
SWAPPED = {"min": "max", "max": "min", "any": "all", "all": "any", "minimum": "maximum", "maximum": "minimum"}
ROOTS = {"sqrt", "square_root", "abs", "sqrtabs"}


def changes(node: ast.AST) -> list[ast.expr]:
    """What may stand in the place of a node."""
    match node:
        case ast.Constant(value=bool() | None):
            return []
        case ast.Constant(value=int() | float() as value):
            return [ast.Constant(each) for each in numbers(value)]
        case ast.Constant(value=str() as value):
            return [ast.Constant(each) for each in RELATIONS.get(value, ())]
        case ast.BinOp():
            return binary(node)
        case ast.UnaryOp(op=ast.USub() | ast.Not()):
            return [node.operand]
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            return [ast.BoolOp(other, node.values)]
        case ast.Compare(ops=[op]) if type(op) in COMPARED:
            return [ast.Compare(node.left, [other()], node.comparators) for other in COMPARED[type(op)]]
        case ast.Compare():
            return [
                ast.Compare(node.left, [*node.ops[:place], other(), *node.ops[place + 1 :]], node.comparators)
                for place, op in enumerate(node.ops)
                for other in COMPARED.get(type(op), ())
            ]
        case ast.Call():
            return calls(node)
    return []


def numbers(value: float) -> list[float]:
    """Those beside it: the next ones of a small whole number, the double and the half of any."""
    if isinstance(value, float):
        return [2 * value, value / 2] if value else [1.0]
    near = [value + 1, value - 1] if value < 10 else []
    return [each for each in dict.fromkeys([*near, 2 * value, value // 2]) if each not in (value, -1)]


def binary(node: ast.BinOp) -> list[ast.expr]:
    """The other sign; one side alone; of a power the next ones (an exponent that is a number changes as numbers do)."""
    left, op, right = node.left, node.op, node.right
    if any(isinstance(side, ast.JoinedStr) or is_text(side) for side in (left, right)):
        return []
    if isinstance(op, ast.Pow):
        whole = isinstance(right, ast.Constant)
        return [left, *([] if whole else [ast.BinOp(left, op, ast.BinOp(right, ast.Add(), ast.Constant(1)))])]
    if type(op) not in SIGNS:
        return []
    other = ast.BinOp(left, SIGNS[type(op)](), right)
    return [other, left, *([right] if isinstance(op, ast.Add | ast.Mult) else [])]


def calls(node: ast.Call) -> list[ast.expr]:
    """The least for the largest, any for all, and what a root or an absolute value is taken of."""
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if name in SWAPPED:
        other = SWAPPED[name]
        func = (
            ast.Name(other, ast.Load())
            if isinstance(node.func, ast.Name)
            else ast.Attribute(node.func.value, other, ast.Load())
        )
        return [ast.Call(func, node.args, node.keywords)]
    if name in ROOTS:
        method = isinstance(node.func, ast.Attribute) and not node.args
        inner = [node.func.value] if method else node.args[:1]
        return [each for each in inner if isinstance(each, ast.expr)]
    return []
