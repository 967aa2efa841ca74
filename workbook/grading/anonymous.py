"""Takes a learner's name out of what they wrote, where a class is to see it.

A name may be a word of Python too (`max`): in code, only comments and texts are searched.
"""

from __future__ import annotations

import io
import re
import tokenize
import unicodedata
from collections.abc import Iterable

SHORTEST = 3  # letters; shorter words of a name are no name by themselves
HIDDEN = "…"
SPOKEN = {tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", -1)}


def without_names(code: str, learners: Iterable[str]) -> str:
    """`code` with no word of the learners' names in its comments and texts."""
    pattern = _pattern(learners)
    if pattern is None:
        return code
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(_below_magic(code)).readline))
    except (tokenize.TokenError, SyntaxError):
        return _hidden(pattern, code)
    spoken = {token.string for token in tokens if token.type in SPOKEN}
    for text in sorted(spoken, key=len, reverse=True):
        if (hidden := _hidden(pattern, text)) != text:
            code = code.replace(text, hidden)
    return code


def _below_magic(code: str) -> str:
    """The same lines, those that are IPython's own left empty."""
    return "\n".join("" if line.startswith(("%", "!")) else line for line in code.splitlines())


def _pattern(learners: Iterable[str]) -> re.Pattern[str] | None:
    words = {w for name in learners for w in re.findall(r"\w+", _plain(name)) if len(w) >= SHORTEST}
    found = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{found})(?![^\W_])", re.IGNORECASE) if words else None


def _hidden(pattern: re.Pattern[str], text: str) -> str:
    """`text` where each word that is a name, with or without its accents, gives way."""
    plain = _plain(text)
    if len(plain) != len(text):
        return pattern.sub(HIDDEN, text)
    parts, end = [], 0
    for match in pattern.finditer(plain):
        parts += [text[end : match.start()], HIDDEN]
        end = match.end()
    return "".join([*parts, text[end:]])


def _plain(text: str) -> str:
    """Without accents, letter by letter."""
    return "".join(unicodedata.normalize("NFKD", letter)[:1] or letter for letter in text)
