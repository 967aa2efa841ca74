"""How each status is told: a sign, words, and the class that colours it on a page."""

from __future__ import annotations

from dataclasses import dataclass

from workbook.grading.verdicts import Status


@dataclass(frozen=True)
class Look:
    """A sign that no other status has, and its words: colour alone says nothing."""

    sign: str
    words: str
    advice: str = ""


LOOKS = {
    Status.PASSED: Look("✓", "Réussi"),
    Status.PARTLY: Look("◐", "En partie"),
    Status.INCORRECT: Look("✗", "Pas encore"),
    Status.NOT_ATTEMPTED: Look("○", "À faire", "Rien n’a été écrit dans la cellule de réponse."),
    Status.ERROR: Look("!", "Erreur dans le code"),
    Status.TIME_OUT: Look("∞", "Temps dépassé"),
    Status.KERNEL_DIED: Look("†", "Noyau arrêté"),
    Status.CANNOT_CHECK: Look(
        "?", "Vérification impossible", "Cela ne vous est pas compté ; l’enseignant le regarde."
    ),
}
CSS = """
:root { color-scheme: light dark; --ink: #17212b; --sub: #52606d; --page: #f7f9fb; --card: #fff;
  --line: #c9d3dd; --passed: #c9ecd6; --partly: #dbe9f8; --incorrect: #fbe0c4; --error: #f7cfd3;
  --none: #e8ecf0; --unknown: #e4dcf5; --jp-ui-font-color2: var(--sub); }
@media (prefers-color-scheme: dark) { :root { --ink: #eef3f8; --sub: #a9b7c6; --page: #14191f;
  --card: #1f2730; --line: #3a4654; --passed: #1d5636; --partly: #24486e; --incorrect: #6b4217;
  --error: #6d2b33; --none: #333d48; --unknown: #473a6b; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem clamp(.7rem, 3vw, 3rem) 3rem; background: var(--page);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
main { max-width: 62em; margin: auto; }
h1 { font-size: 1.5em; margin: .2em 0; line-height: 1.25; }
h2 { font-size: 1.2em; margin: 1.6em 0 .4em; line-height: 1.3; }
h3 { font-size: 1.05em; margin: 0 0 .3em; }
p, ul { margin: .35em 0; }
.sub { color: var(--sub); }
.passed { background: var(--passed); } .partly { background: var(--partly); }
.incorrect { background: var(--incorrect); } .not_attempted { background: var(--none); }
.error, .time_out, .kernel_died { background: var(--error); }
.cannot_check { background: var(--unknown); }
.tag { display: inline-block; padding: .05em .55em; border-radius: 1em; font-weight: 600;
  color: var(--ink); }
summary { cursor: pointer; color: var(--sub); padding: .25em 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--page);
  border: 1px solid var(--line); border-radius: 6px; padding: .6em; margin: .4em 0;
  font: 13px/1.45 ui-monospace, monospace; }
:focus-visible { outline: 2px solid #a8500f; outline-offset: 2px; }
@media print { details { display: block; } body { background: #fff; } }
"""


def document(title: str, body: str, style: str = "") -> str:
    """A whole page: no script, nothing loaded from anywhere."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{title}</title><style>{CSS}{style}</style></head>\n"
        f"<body><main>{body}</main></body></html>\n"
    )


def tag(status: Status) -> str:
    """A status as a coloured word."""
    look = LOOKS[status]
    sign = f'<span aria-hidden="true">{look.sign}</span>'
    return f'<span class="tag {status.value}">{sign} {look.words}</span>'
