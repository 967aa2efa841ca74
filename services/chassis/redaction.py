"""Redaction: hides tokens, passwords and card numbers in what leaves through a log or a span.

By key (`password`, `authorization` …) and by shape (a JWT, a bearer header, a card number, the
run's credential, the password inside a URL), for the secrets that are logged under another name
or inside a sentence.
"""

import functools
import re

HIDDEN = "•••"
SECRET_KEYS = re.compile(
    r"passw|secret|token|authorization|cookie|api_?key|credential|private|card|cvv|\bpan\b", re.I
)
_SHAPES = re.compile(
    r"""
      (?P<jwt>eyJ[\w-]{5,}\.[\w-]*\.?[\w-]*)
    | (?P<bearer>\b(?:Bearer|Basic)\s+[\w.~+/=-]+)
    | (?P<card_token>\btok_\w+)
    | (?P<url>(?<=://)[^/\s:@]*:[^/\s@]+(?=@))
    | (?P<run>\brun_[\w-]{32,})
    | (?P<pair>(?P<key>
        (?:password|passwd|secret|token|authorization|credential|card)\w*["']?\s*[=:]\s*)
        (?P<value>"[^"]*"|'[^']*'|(?:Bearer|Basic)\s+\S+|[^\s,;&}]+))
    | (?P<number>\b\d(?:[ -]?\d){12,18}\b)
    """,
    re.I | re.X,
)


def redact(value):
    """The same value, its secrets hidden; dictionaries and lists are searched through."""
    if isinstance(value, str):
        return _SHAPES.sub(_hide, value)
    if isinstance(value, dict):
        return {key: HIDDEN if _is_secret(key) else redact(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [redact(item) for item in value]
    if value is None or isinstance(value, bool | float) or _is_short(value):
        return value
    return redact(str(value))


@functools.lru_cache(maxsize=1000)
def _is_secret(key):
    return bool(SECRET_KEYS.search(str(key)))


def _is_short(value):
    return isinstance(value, int) and abs(value) < 10**12


def _hide(match):
    if match["number"] and not _is_card(match["number"]):
        return match[0]
    return (match["key"] or "") + HIDDEN


def _is_card(text):
    """Whether the digits pass the Luhn check (ISO/IEC 7812-1), as every card number does."""
    digits = [int(character) for character in reversed(text) if character.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
