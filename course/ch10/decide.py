"""ch10.decide: 200, 401 or 403, and the challenge that goes with a refusal (RFC 6750, 3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import jwt

from course.ch10.forging import Issuer, altered, claims, signed_by_a_stranger, strict, unsigned
from workbook.checks import Exercise, Harness, expect, plain
from workbook.checks.outcome import Finding, Incorrect

exercise = Exercise(
    "ch10.decide",
    title="401 ou 403 ?",
    asks="decide",
    hints=(
        "Trois questions, dans cet ordre : y a-t-il un jeton ? est-il valable ? donne-t-il le "
        "droit demandé ? La première réponse négative décide.",
        '`(authorization or "").partition(" ")` rend trois textes, même pour un en-tête vide : '
        "le schéma, l’espace, le jeton. Comparez le schéma sans tenir compte des majuscules.",
        "`verify(token)` dans un `try`, et `except jwt.InvalidTokenError` : 401. Puis "
        '`needed in claims.get("scope", "").split()` : un mot entier, pas un morceau de texte.',
    ),
)

READ, WRITE = "orders:read", "orders:write"
NO_TOKEN = (None, "", "Bearer", "Basic YWxpY2U6c2VjcmV0", "Token abc", "abc.def.ghi")
# A good token, but not as `Bearer`, a space, the token.
OTHERWISE = ("Basic {}", "Token {}", "Bearer{}", "{}")
INVALID, INSUFFICIENT = "invalid_token", "insufficient_scope"
# (the token's scope, the one that is needed): each is refused, and each once fooled somebody.
MISSING = (
    (READ, WRITE),
    (WRITE, READ),
    ("orders:readonly", READ),
    ("reorders:read", READ),
    ("orders", READ),
    (f"{READ}.{WRITE}", READ),
    ("admin", READ),
    ("", READ),
    (None, READ),
)
GRANTED = (
    (READ, READ),
    (f"{READ} {WRITE}", READ),
    (f"{READ} {WRITE}", WRITE),
    (f"users:read {WRITE} {READ}", READ),
    ("keys:rotate", "keys:rotate"),
)


@exercise.step("Un bon jeton, le bon droit : 200", points=1)
def lets_in(harness: Harness, decide: Callable) -> None:
    for scope, needed in GRANTED:
        answer = _answer(harness, decide, f"Bearer {_token(harness, scope)}", needed)
        expect(
            answer.status == 200,
            seen=f"Jeton valable, scope « {scope} », droit demandé « {needed} » : {answer}.",
            expected="(200, None)",
            meaning="Un client en règle resterait à la porte.",
        )
        expect(
            not answer.challenge,
            seen=f"Le client entre, et la réponse porte le défi {answer.challenge!r}.",
            expected="None : un défi accompagne un refus",
            meaning="Un client à qui l’on ouvre irait se connecter de nouveau.",
        )


@exercise.step("Sans jeton : 401 et le défi Bearer", points=1)
def asks_for_a_token(harness: Harness, decide: Callable) -> None:
    token = _token(harness, READ)
    said = {form.format(token): form.format("<un bon jeton>") for form in OTHERWISE}
    for authorization in (*NO_TOKEN, *said):
        case = f"En-tête {said.get(authorization, authorization)!r}"
        answer = _answer(harness, decide, authorization, READ)
        _expect_status(answer, 401, case, "On ne sait pas qui parle.")
        _expect_challenge(answer, {None}, case)
    # Nothing after the space: no token, or one that is refused.
    answer = _answer(harness, decide, "Bearer ", READ)
    _expect_status(answer, 401, "En-tête 'Bearer '", "On ne sait pas qui parle.")
    _expect_challenge(answer, {None, INVALID}, "En-tête 'Bearer '")


@exercise.step("Jeton non valable : 401, et le défi dit invalid_token", points=1, after=lets_in)
def refuses_bad_tokens(harness: Harness, decide: Callable) -> None:
    for name, token in _bad_tokens(harness).items():
        answer = _answer(harness, decide, f"Bearer {token}", READ)
        _expect_status(
            answer, 401, f"Jeton {name}", "Un 403 dirait « inutile de vous reconnecter » ; or si."
        )
        _expect_challenge(answer, {INVALID}, f"Jeton {name}")


@exercise.step("Droit absent : 403, et le défi dit insufficient_scope", points=2, after=lets_in)
def refuses_without_the_scope(harness: Harness, decide: Callable) -> None:
    for scope, needed in MISSING:
        given = "sans scope" if scope is None else f"scope « {scope} »"
        case = f"Jeton valable, {given}, droit demandé « {needed} »"
        answer = _answer(harness, decide, f"Bearer {_token(harness, scope)}", needed)
        meaning = "Le client ferait ce qu’on ne lui a pas permis."
        if answer.status == 401:
            meaning = "Le client se reconnecterait sans fin : ce n’est pas son identité qui manque."
        _expect_status(answer, 403, case, meaning)
        _expect_challenge(answer, {INSUFFICIENT}, case)


@exercise.step("bearer ou BEARER : le même schéma", points=1, after=lets_in)
def reads_any_case(harness: Harness, decide: Callable) -> None:
    for scheme in ("bearer", "BEARER", "bEaReR"):
        answer = _answer(harness, decide, f"{scheme} {_token(harness, READ)}", READ)
        _expect_status(
            answer,
            200,
            f"Schéma écrit « {scheme} », jeton valable",
            "Des clients en règle seraient refusés (RFC 9110, § 11.1).",
        )


class Answer:
    """What `decide` returned: a status and a challenge, which may be empty."""

    def __init__(self, returned: Any) -> None:
        value = plain(returned)
        if not (isinstance(value, list) and len(value) == 2 and type(value[0]) is int):
            raise Incorrect(
                Finding(f"`decide` a rendu {value!r}.", 'un couple, comme `(401, "Bearer")`')
            )
        self.status, self.challenge = value
        if not (self.challenge is None or isinstance(self.challenge, str)):
            raise Incorrect(Finding(f"Le défi est {self.challenge!r}.", "un texte, ou None"))

    @property
    def error(self) -> str | None:
        """The error code the challenge names, if any."""
        found = re.search(r'\berror\s*=\s*"?(\w+)', self.challenge or "")
        return found[1] if found else None

    def __str__(self) -> str:
        return f"({self.status}, {self.challenge!r})"


def _answer(harness: Harness, decide: Callable, authorization: str | None, needed: str) -> Answer:
    def verify(token: Any) -> dict[str, Any]:
        # What is no text is no token either: PyJWT would raise a TypeError of our own making.
        if not isinstance(token, str):
            raise jwt.DecodeError("Invalid token type")
        return strict(token, _issuer(harness))

    return Answer(decide(authorization, needed, verify))


def _expect_status(answer: Answer, status: int, case: str, meaning: str) -> None:
    expect(answer.status == status, f"{case} : {answer}.", f"{status}", meaning)


def _expect_challenge(answer: Answer, errors: set[str | None], case: str) -> None:
    challenge = answer.challenge or ""
    wanted = next((error for error in errors if error), None)
    expected = f'`Bearer error="{wanted}"`' if errors == {wanted} and wanted else "`Bearer`"
    expect(
        challenge.lower().startswith("bearer") and answer.error in errors,
        seen=f"{case} : le défi est {answer.challenge!r}.",
        expected=f"un défi WWW-Authenticate qui commence par {expected}",
        meaning="Le client ne saurait pas quoi faire de ce refus (RFC 6750, § 3).",
    )


def _token(harness: Harness, scope: str | None) -> str:
    return _issuer(harness).sign(claims(scope=scope))


def _bad_tokens(harness: Harness) -> dict[str, str]:
    issuer = _issuer(harness)
    return {
        "expiré": issuer.sign(claims(exp=1)),
        "au contenu changé": altered(issuer),
        "signé par une autre clé": signed_by_a_stranger(issuer),
        "sans signature": unsigned(issuer),
        "qui n’en est pas un, « abc »": "abc",
        "destiné à payments, et sans droit": issuer.sign(claims(aud="payments", scope=None)),
    }


def _issuer(harness: Harness) -> Issuer:
    return harness.kept("issuer", Issuer)
