"""Small faults in a module, "mutants": one comparison, sign, number, branch or statement changed.

Annotations are left alone, and so are texts: neither changes a number or a verdict.
"""

import ast
from collections.abc import Iterator
from typing import NamedTuple

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
# Fields of the syntax tree: types, and decorators such as `dataclass(frozen=True)`.
WITHOUT_EFFECT = ("annotation", "returns", "type_params", "decorator_list")


class Mutant(NamedTuple):
    """One fault: the text from byte ``start`` to ``end`` of a module becomes ``after``."""

    line: int
    last_line: int
    kind: str
    before: str
    after: str
    start: int
    end: int

    def applied(self, source: bytes) -> bytes:
        """Return the module with this fault."""
        return source[: self.start] + self.after.encode() + source[self.end :]


def mutants_of(source: bytes) -> list[Mutant]:
    """Return every fault that can be put into a module, in the order of its text."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = []
    for kind, node, after in _faults(ast.parse(source)):
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        before = source[start:end].decode()
        found.append(Mutant(node.lineno, node.end_lineno, kind, before, after, start, end))
    return sorted(found, key=lambda mutant: (mutant.start, mutant.end, mutant.kind))


def _faults(tree: ast.Module) -> Iterator[tuple[str, ast.expr | ast.stmt, str]]:
    """Yield the kind of a fault, the piece of the module, and what stands in its place."""
    for node in _walk(tree):
        if isinstance(node, ast.expr):
            for kind, changed in _of_expression(node):
                yield kind, node, f"({ast.unparse(changed)})"
        elif isinstance(node, ast.If | ast.While):
            yield "condition", node.test, f"(not ({ast.unparse(node.test)}))"
        elif isinstance(node, ast.stmt) and _can_go(node):
            yield "statement", node, "pass"


def _of_expression(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Yield what may stand in the place of an expression."""
    match node:
        case ast.Compare(ops=[first, *rest]) if type(first) in COMPARISONS:
            ops = [COMPARISONS[type(first)](), *rest]
            yield "comparison", ast.Compare(node.left, ops, node.comparators)
        case ast.BinOp() if type(node.op) in OPERATORS and not _is_text(node):
            yield "operator", ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield "and, or", ast.BoolOp(other, node.values)
        case ast.UnaryOp(op=ast.Not() | ast.Invert() | ast.USub()):
            yield "sign", node.operand
        case ast.IfExp():
            yield "branch", ast.IfExp(node.test, node.orelse, node.body)
        case ast.Constant(value=bool()):
            yield "constant", ast.Constant(not node.value)
        case ast.Constant(value=int() | float()):
            yield "constant", ast.Constant(node.value + 1)


def _can_go(node: ast.stmt) -> bool:
    """Say whether the module can still be run without this statement."""
    if isinstance(node, ast.Assign):
        return all(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets)
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    return isinstance(node, ast.AugAssign | ast.Raise | ast.Continue | ast.Break)


def _is_text(node: ast.BinOp) -> bool:
    """Say whether an operator joins written texts, with no other meaning."""
    sides = (node.left, node.right)
    return any(
        isinstance(side, ast.JoinedStr)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in sides
    )


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all below it that can change what the module computes."""
    yield node
    for name, value in ast.iter_fields(node):
        if name in WITHOUT_EFFECT:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _without_effect(child):
                yield from _walk(child)


def _without_effect(node: ast.AST) -> bool:
    """Say whether a piece is a text, or `strict=True`: a check of its own that never speaks."""
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.keyword) and node.arg == "strict"
    )
