"""The card of a check: the same content as HTML and as plain text.

The HTML has no script, no `<h3>` (JupyterLab would list it in the table of contents: it is a
heading by its role only), takes its colours from the page so that it reads on light and dark, says
each verdict in words, and has it announced by screen readers.
"""

from __future__ import annotations

import html
import json
import textwrap
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from workbook.checks.outcome import Finding, Outcome, Result, StepResult

SHOWN_BODY = 600
WIDTH = 88


@dataclass(frozen=True)
class Look:
    """How an outcome is told: a sign, words, and a colour seen on white and on black (3:1).

    An `urgent` one is announced at once, the others when the reader falls silent.
    """

    sign: str
    words: str
    colour: str
    urgent: bool = False


EMPTY = "○"
LOOKS = {
    Outcome.PASSED: Look("✓", "Réussi", "#2e9d5b"),
    Outcome.NOT_ATTEMPTED: Look(EMPTY, "À faire", "#7d8590"),
    Outcome.INCORRECT: Look("✗", "Pas encore", "#cf7a22"),
    Outcome.ERROR: Look("!", "Erreur dans votre code", "#d64550", urgent=True),
    Outcome.CANNOT_CHECK: Look("?", "Vérification impossible", "#3f83d1", urgent=True),
    Outcome.SKIPPED: Look("–", "Pas vérifiée", "#7d8590"),
}
NOT_YOUR_FAULT = "Cela ne vient pas de votre réponse et ne vous est pas compté."
LABELS = {
    Outcome.CANNOT_CHECK: "Ce qui manque",
    Outcome.ERROR: "Erreur",
    Outcome.NOT_ATTEMPTED: "Reste à faire",
}


@dataclass(frozen=True)
class HttpTrace:
    """An HTTP request and its response, as shown; or a text alone in `response`."""

    request: str
    response: str
    curl: str


class Card:
    """What `check()` displays. `next_step` says how to get help; it is plain text with `code`."""

    def __init__(self, result: Result, next_step: str = "", note: str = "") -> None:
        self.result, self.next_step, self.note = result, next_step, note
        self.look = LOOKS[result.outcome]
        self.finding = result.decisive.finding if result.decisive else Finding()
        self.http = _http_trace(self.finding.http)

    # -- content --------------------------------------------------------------------------------

    @property
    def head(self) -> str:
        """`Pas encore · Publier sans rien perdre · 1 point sur 3`."""
        return f"{self.look.words} · {self.result.title} · {score(self.result)}"

    def rows(self) -> list[tuple[str, str]]:
        """The explanation: what was seen, the line, what was expected, what it would mean."""
        if self.result.outcome is Outcome.PASSED:
            return []
        rows = [
            (LABELS.get(self.result.outcome, "Observé"), self.finding.seen),
            ("Votre code", self.finding.code),
            ("Attendu", self.finding.expected),
            ("Dans la boutique", self.finding.meaning),
            *self.finding.more,
        ]
        if self.result.outcome is Outcome.CANNOT_CHECK:
            rows.append(("Rassurez-vous", NOT_YOUR_FAULT))
        return [(label, text) for label, text in rows if text]

    def replay(self) -> str:
        """How to draw the same random values again; nothing when all passed."""
        told = self.result.outcome in (Outcome.INCORRECT, Outcome.ERROR)
        if self.result.seed is None or not told:
            return ""
        return (
            f"Tirage {self.result.seed} : ajoutez seed={self.result.seed} à l’appel "
            "pour rejouer la même vérification."
        )

    # -- text -----------------------------------------------------------------------------------

    def text(self) -> str:
        """The whole card in plain text."""
        lines = [f"{self.look.sign} {self.head}  [{self.result.exercise}]"]
        lines += [line for label, text in self.rows() for line in _row(label, text)]
        lines += [_step_text(step) for step in self.result.steps]
        if self.http:
            lines += _indented(self.http.request, "  → ")
            lines += _indented(self.http.response, "  ← ")
            lines += [f"  $ {self.http.curl}"] * bool(self.http.curl)
        if self.finding.log:
            lines += ["  Fin du journal :", *(f"    {line}" for line in self.finding.log)]
        foot = (self.next_step, self.replay(), self.note)
        lines += [f"  {text.replace('`', '')}" for text in foot if text]
        return "\n".join(lines)

    # -- HTML -----------------------------------------------------------------------------------

    def html(self) -> str:
        """The whole card, styled inline: it stays itself in an exported notebook."""
        return _element(
            "div",
            _announced(_head_html(self) + _rows_html(self.rows()), self.look.urgent)
            + _steps_html(self.result.steps)
            + _http_html(self.http)
            + _log_html(self.finding.log)
            + _foot_html([self.next_step, self.replay(), self.note]),
            role="group",
            aria_label=f"Vérification : {self.head}",
            style=f"{FRAME};border-left:5px solid {self.look.colour}",
        )

    def bundle(self) -> dict[str, object]:
        """MIME bundle for `display`: text, HTML, and the bare verdict for machines."""
        return {
            "text/plain": self.text(),
            "text/html": self.html(),
            "application/vnd.workbook.result+json": self.result.as_json(),
        }


def score(result: Result) -> str:
    """`1 point sur 3`."""
    return f"{points(result.points)} sur {result.total}"


def points(number: int) -> str:
    """`1 point`, `2 points`."""
    return f"{number} point{'s' if number > 1 else ''}"


def message(sign: str, title: str, body: str, colour: str = "#7d8590") -> dict[str, object]:
    """MIME bundle of a short card (a hint, a refusal): a title and paragraphs."""
    paragraphs = "".join(
        _element("div", _inline(text), style="margin-top:.35em") for text in body.split("\n\n")
    )
    head = _line(_badge(sign, colour) + _heading(_element("strong", html.escape(title))))
    return {
        "text/plain": f"{sign} {title}\n" + textwrap.indent(body, "  "),
        "text/html": _element(
            "div",
            _announced(head + paragraphs),
            role="group",
            aria_label=title,
            style=f"{FRAME};border-left:5px solid {colour}",
        ),
    }


def code_card(title: str, code: str) -> dict[str, object]:
    """MIME bundle that shows a solution."""
    return {
        "text/plain": f"› {title}\n{textwrap.indent(code, '    ')}",
        "text/html": _element(
            "div",
            _announced(_heading(_element("strong", html.escape(title)))) + _pre(code),
            role="group",
            aria_label=title,
            style=f"{FRAME};border-left:5px solid #7d8590",
        ),
    }


# -- pieces of HTML ------------------------------------------------------------------------------

FAINT = "rgba(128,128,128,.13)"
FRAME = (
    "font-family:var(--jp-ui-font-family,system-ui,sans-serif);font-size:14px;line-height:1.45;"
    "color:var(--jp-ui-font-color1,inherit);max-width:52em;margin:.3em 0;padding:.55em .9em .6em;"
    "border:1px solid rgba(128,128,128,.35);border-radius:6px"
)
MONO = "font-family:var(--jp-code-font-family,ui-monospace,monospace);font-size:12.5px"
CELL = "margin:0;padding:0;float:none;width:auto;min-width:0"
INK = "color:var(--jp-ui-font-color1,inherit)"
SOFT = "color:var(--jp-ui-font-color2,inherit)"


def _element(tag: str, content: str, **attributes: str) -> str:
    written = "".join(
        f' {name.replace("_", "-")}="{html.escape(value)}"' for name, value in attributes.items()
    )
    return f"<{tag}{written}>{content}</{tag}>"


def _head_html(card: Card) -> str:
    identifier = _element(
        "code",
        card.result.exercise,
        style=f"{MONO};{SOFT};background:none;padding:0;margin-left:auto;white-space:nowrap",
    )
    title = _element("span", html.escape(card.result.title))
    mark = _element("span", f"· {score(card.result)}", style=f"{SOFT};white-space:nowrap")
    words = _element("strong", card.look.words)
    heading = _heading(f"{words} · {title} {mark}")
    return _line(_badge(card.look.sign, card.look.colour) + heading + identifier)


def _announced(content: str, urgent: bool = False) -> str:
    """Read out when it appears: what was just asked for is not to be looked for."""
    role, manner = ("alert", "assertive") if urgent else ("status", "polite")
    return _element("div", content, role=role, aria_live=manner)


def _heading(content: str) -> str:
    """One can jump to it: a card stands under the title of its exercise, `##` or `###`."""
    return _element("span", content, role="heading", aria_level="3")


def _line(content: str) -> str:
    style = "display:flex;flex-wrap:wrap;gap:.15em .4em;align-items:center"
    return _element("div", content, style=style)


def _badge(sign: str, colour: str) -> str:
    style = (
        f"display:inline-flex;width:1.45em;height:1.45em;border-radius:50%;"
        f"border:2px solid {colour};box-sizing:border-box;align-items:center;"
        "justify-content:center;font-weight:700;font-size:13px;line-height:1;flex:none;margin-right:.3em"
    )
    return _element("span", "" if sign == EMPTY else sign, style=style, aria_hidden="true")


def _rows_html(rows: list[tuple[str, str]]) -> str:
    if not rows:
        return ""
    cells = "".join(
        _element("dt", label, style=f"{SOFT};{CELL};font-weight:400;white-space:nowrap")
        + _element(
            "dd",
            _code(text) if label == "Votre code" else _inline(text),
            style=f"{CELL};overflow-wrap:anywhere",
        )
        for label, text in rows
    )
    style = "display:grid;grid-template-columns:max-content 1fr;gap:.2em .9em;margin:.5em 0 0"
    return _element("dl", cells, style=style)


def _steps_html(steps: Iterable[StepResult]) -> str:
    items = "".join(_step_html(step) for step in steps)
    return _element("ul", items, style="list-style:none;margin:.55em 0 0;padding:0")


def _step_html(step: StepResult) -> str:
    look = LOOKS[step.outcome]
    reason = f" ({step.finding.seen})" if _skipped_for_a_reason(step) else ""
    sign = _element(
        "span",
        look.sign,
        aria_hidden="true",
        style=f"font-weight:700;border-bottom:2px solid {look.colour};width:1.1em;"
        "text-align:center;flex:none",
    )
    words = _element("span", html.escape(step.title + reason), style="flex:1 1 auto")
    told = _element(
        "span", f"{look.words.lower()} · {step.points}/{step.worth}", style=f"{SOFT};flex:none"
    )
    style = "display:flex;gap:.55em;align-items:baseline;margin:.12em 0;padding:0"
    return _element("li", sign + words + told, style=style)


def _skipped_for_a_reason(step: StepResult) -> bool:
    return step.outcome is Outcome.SKIPPED and bool(step.finding.seen)


def _http_html(http: HttpTrace | None) -> str:
    if http is None:
        return ""
    shown = "\n\n".join(part for part in (http.request, http.response) if part)
    curl = ""
    if http.curl:
        curl = _element("div", "Pour rejouer la requête dans un terminal :", style=SOFT)
        curl += _pre(http.curl)
    summary = "Requête et réponse" if http.request else "Détail"
    return _details(summary, _pre(shown) + curl, opened=True)


def _log_html(log: tuple[str, ...]) -> str:
    return _details("Fin du journal de votre service", _pre("\n".join(log))) if log else ""


def _details(summary: str, content: str, opened: bool = False) -> str:
    head = _element("summary", summary, style=f"cursor:pointer;{SOFT}")
    flag = {"open": "open"} if opened else {}
    return _element("details", head + content, style="margin:.5em 0 0", **flag)


def _foot_html(texts: list[str]) -> str:
    lines = "".join(_element("div", _inline(text)) for text in texts if text)
    style = f"margin:.55em 0 0;padding-top:.4em;border-top:1px solid {FAINT};{SOFT};font-size:13px"
    return _element("div", lines, style=style) if lines else ""


def _pre(text: str) -> str:
    style = (
        f"{MONO};background:{FAINT};color:inherit;margin:.25em 0;padding:.45em .6em;"
        "border-radius:4px;white-space:pre-wrap;overflow-wrap:anywhere"
    )
    return _element("pre", html.escape(text), style=style)


def _code(text: str) -> str:
    style = f"{MONO};background:{FAINT};{INK};padding:.05em .3em;border-radius:3px"
    return _element("code", html.escape(text), style=style)


def _inline(text: str) -> str:
    """Escaped text, where `backquotes` mean code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return html.escape(text).replace("\n", "<br>")
    return "".join(
        _code(part) if index % 2 else html.escape(part).replace("\n", "<br>")
        for index, part in enumerate(parts)
    )


# -- pieces of text ------------------------------------------------------------------------------


def _row(label: str, text: str) -> list[str]:
    head = f"  {label} : "
    lines = text.replace("`", "").splitlines() or [""]
    return [head + lines[0], *(f"    {line}" for line in lines[1:])]


def _step_text(step: StepResult) -> str:
    look = LOOKS[step.outcome]
    reason = f" ({step.finding.seen})" if _skipped_for_a_reason(step) else ""
    return f"  {look.sign} {step.points}/{step.worth}  {step.title}{reason}"


def _indented(text: str, head: str) -> list[str]:
    if not text:
        return []
    first, *others = text.splitlines()
    return [head + first, *("    " + line for line in others)]


# -- HTTP ----------------------------------------------------------------------------------------


def _http_trace(found: object) -> HttpTrace | None:
    if found is None or isinstance(found, HttpTrace):
        return found
    request = getattr(found, "request", None)
    if request is None:
        return HttpTrace("", str(found), "")
    from workbook.shop.client import curl_of, reason

    status = found.status_code
    sent = f"{request.method} {request.path_url}"
    got = f"{status} {reason(status)}  {found.headers.get('Content-Type', '')}".rstrip()
    return HttpTrace(
        request=_with_body(sent, request.body),
        response=_with_body(got, found.text),
        curl=curl_of(request),
    )


def _with_body(head: str, body: str | bytes | None) -> str:
    if not body:
        return head
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    with suppress(ValueError, RecursionError):
        parsed = json.loads(text)
        text = json.dumps(parsed, ensure_ascii=False)
        if len(text) > WIDTH:
            text = json.dumps(parsed, ensure_ascii=False, indent=1)
    if len(text) > SHOWN_BODY:
        text = text[:SHOWN_BODY] + "…"
    return f"{head}\n{text.rstrip()}"
