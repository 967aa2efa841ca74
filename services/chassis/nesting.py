"""Nesting: JSON deeper than any thing of ours is refused before anybody reads it.

Parsers and those who walk through what they parsed call themselves at every level: two thousand
opening brackets are a RecursionError, which looks like our failure and is the customer's nonsense.
RFC 8259, 9: an implementation may set limits on the depth of nesting.
"""

import json
import re

from flask import abort, request

DEEPEST = 64
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
_strings = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?', re.S)
_alike = bytes.maketrans(b"{}", b"[]")
_too_many = b"[" * (DEEPEST + 1)
_not_brackets = bytes(set(range(256)) - set(b"{}[]"))


def check():
    """Refuse bodies that are nested too deep."""
    # Reading the body of a form would leave nothing for request.form.
    if request.mimetype in FORMS:
        return
    body = request.get_data()
    if _may_be_json(body) and is_too_deep(body):
        abort(400, f"Ce JSON est trop imbriqué : {DEEPEST} niveaux au plus.")


def _may_be_json(body):
    """Also where its type says something else: who reads it may not look at the type."""
    return request.is_json or body.lstrip()[:1] in (b"[", b"{")


def is_too_deep(body):
    """Whether a JSON text, as bytes, nests more than DEEPEST arrays and objects."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    text = body.decode(json.detect_encoding(body), "replace").encode()
    brackets = _strings.sub(b"", text).translate(_alike, _not_brackets)
    for _ in range(DEEPEST):  # each turn takes the innermost level away, at the speed of C
        if _too_many in brackets or b"[]" not in brackets:
            break
        brackets = brackets.replace(b"[]", b"")
    return b"[]" in brackets or brackets.count(b"[") > DEEPEST
