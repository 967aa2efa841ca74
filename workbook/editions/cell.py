"""A cell of a source, cut at its solution markers, and the text each edition gives it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

STUB_COMMENT = "# À vous de jouer"
STUB_LINES = (STUB_COMMENT, "raise NotImplementedError")
MARKER = re.compile(r"^(?P<indent>[ \t]*)### (?P<edge>BEGIN|END) (?P<kind>SOLUTION|STUB)[ \t]*$")
ALMOST_MARKER = re.compile(r"^\s*#.*(BEGIN|END)[ _]*(SOLUTION|STUB)", re.IGNORECASE)


@dataclass(frozen=True)
class Block:
    """Part of an answer cell: text for both editions, a solution, or an author's stub."""

    kind: str
    lines: tuple[str, ...]
    indent: str
    line: int


@dataclass(frozen=True)
class Cell:
    """One cell of a source; `line` is where its text starts in the file."""

    kind: str
    text: str
    line: int
    answer: str | None = None
    check: str | None = None
    tags: tuple[str, ...] = ()


class Misplaced(Exception):
    """A solution marker that is not where it can be understood."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


def split(cell: Cell) -> list[Block]:
    """Cut an answer cell at its markers; raises `Misplaced`."""
    blocks: list[Block] = []
    kind, indent, lines, start = "text", "", [], cell.line
    for number, line in enumerate(cell.text.splitlines(), cell.line):
        marker = _marker(line, number)
        if marker is None:
            lines.append(line)
            continue
        _require_order(kind, marker["edge"], marker["kind"], number, [*blocks], lines)
        blocks.append(Block(kind, tuple(lines), indent, start))
        opens = marker["edge"] == "BEGIN"
        kind, indent = (marker["kind"].lower(), marker["indent"]) if opens else ("text", "")
        lines, start = [], number + 1
    if kind != "text":
        raise Misplaced(start - 1, f"### BEGIN {kind.upper()} n’est jamais fermé")
    blocks.append(Block("text", tuple(lines), "", start))
    if not any(block.kind == "solution" for block in blocks):
        raise Misplaced(cell.line, "cellule de réponse sans ### BEGIN SOLUTION")
    return blocks


def _marker(line: str, number: int) -> re.Match[str] | None:
    marker = MARKER.match(line)
    if marker is None and ALMOST_MARKER.search(line):
        raise Misplaced(number, f"marqueur mal écrit : « {line.strip()} »")
    return marker


def _require_order(
    current: str, edge: str, kind: str, number: int, blocks: list[Block], lines: list[str]
) -> None:
    if edge == "END" and current != kind.lower():
        raise Misplaced(number, f"### END {kind} sans ### BEGIN {kind}")
    if edge == "BEGIN" and current != "text":
        raise Misplaced(number, f"### BEGIN {kind} à l’intérieur d’un autre bloc")
    follows = bool(blocks) and blocks[-1].kind == "solution" and not any(map(str.strip, lines))
    if edge == "BEGIN" and kind == "STUB" and not follows:
        raise Misplaced(number, "### BEGIN STUB doit suivre aussitôt ### END SOLUTION")


def solved_text(cell: Cell) -> str:
    """The cell with its solutions, without markers nor stubs."""
    if not cell.answer:
        return cell.text
    return _joined(block.lines for block in split(cell) if block.kind != "stub")


def student_text(cell: Cell) -> str:
    """The cell with a stub in place of each solution; raises `Misplaced`."""
    if not cell.answer:
        return cell.text
    blocks = split(cell)
    parts = []
    for index, block in enumerate(blocks):
        if block.kind == "text":
            parts.append(block.lines)
        elif block.kind == "stub":
            parts.append(tuple(_uncommented(block)))
        elif not any(later.kind == "stub" for later in blocks[index + 2 : index + 3]):
            parts.append(tuple(stub_of(block)))
    return _joined(parts)


def _uncommented(block: Block) -> Iterator[str]:
    for number, line in enumerate(block.lines, block.line):
        match = re.match(r"^([ \t]*)#(?: (.*))?$", line)
        if match is None:
            raise Misplaced(number, "une ligne de stub commence par « # »")
        yield (match[1] + match[2]) if match[2] else ""


def stub_of(block: Block) -> Iterator[str]:
    """The lines that stand for a solution whose author wrote no stub; raises `Misplaced`."""
    if block.indent:
        yield from (block.indent + line for line in STUB_LINES)
        return
    try:
        statements = ast.parse("\n".join(block.lines)).body
    except SyntaxError as error:
        raise Misplaced(block.line, f"solution illisible : {error.msg}") from error
    kept = [line for statement in statements for line in _statement_stub(statement, block)]
    if not kept:
        raise Misplaced(block.line, "précisez le stub de cette solution : ### BEGIN STUB")
    if not any(STUB_COMMENT in line for line in kept):
        yield STUB_COMMENT
    yield from kept


def _statement_stub(statement: ast.stmt, block: Block) -> list[str]:
    if isinstance(statement, ast.Assign):
        names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
        return [f"{name} = ..." for name in names]
    if isinstance(statement, ast.FunctionDef):
        first = min([statement.lineno, *(d.lineno for d in statement.decorator_list)])
        last = statement.body[0].lineno - 1
        if ast.get_docstring(statement) is not None:
            last = statement.body[0].end_lineno
        head = [x for x in block.lines[first - 1 : last] if not x.lstrip().startswith("#")]
        return [*head, *(f"    {line}" for line in STUB_LINES)]
    return []


def require_runnable(cell: Cell, blocks: list[Block]) -> None:
    """The student's cell must run as it is, and its stub raise only when called."""
    tree = _parsed(student_text(cell), cell.line)
    _parsed(solved_text(cell), cell.line)
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and id(node) not in inside:
            line = next(block.line for block in blocks if block.kind == "solution")
            raise Misplaced(line, "ce stub lèverait une erreur dès la cellule : ### BEGIN STUB")


def _parsed(text: str, line: int) -> ast.Module:
    code = "\n".join("" if row.startswith(("%", "!")) else row for row in text.splitlines())
    try:
        return ast.parse(code)
    except SyntaxError as error:
        place = line + (error.lineno or 1) - 1
        raise Misplaced(place, f"cette cellule ne se lit pas : {error.msg}") from error


def _joined(parts: Iterable[Iterable[str]]) -> str:
    return "\n".join(line for part in parts for line in part).strip("\n")
