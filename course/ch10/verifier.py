"""ch10.verifier: what a token proves, by keys that are fetched seldom and that change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import jwt

from course.ch10.forging import (
    FORGERIES,
    MORE_FORGERIES,
    Issuer,
    bringing_its_own_key,
    claims,
)
from workbook.checks import Exercise, Harness, expect, plain
from workbook.checks.learner import is_learners
from workbook.checks.outcome import Finding, Incorrect

exercise = Exercise(
    "ch10.verifier",
    title="Que prouve ce jeton ?",
    asks="Verifier",
    hints=(
        "`jwt.get_unverified_header(token)` lit le nom de la clé, `kid`. "
        "`jwt.PyJWKSet.from_dict(self.fetch_keys()).keys` donne des clés, chacune avec son "
        "`.key_id`. Rangez-les dans un dictionnaire qui reste dans `self`.",
        "`jwt.decode` ne vérifie que ce qu’on lui demande : `algorithms`, `audience`, `issuer`, "
        'et `options={"require": ["exp", "sub"]}` pour ce qui doit être présent.',
        "Si `kid` manque au dictionnaire, **remplacez** le dictionnaire par les clés du moment, "
        'une fois. S’il manque encore : `raise jwt.InvalidTokenError("clé inconnue")`.',
    ),
)

MANY = 25
A_FLOOD = 10


@exercise.step("Un bon jeton rend ses déclarations", points=1)
def reads_good_tokens(harness: Harness, make: Callable) -> None:
    issuer = _issuer(harness)
    verify = _Verify(make, issuer)
    good = {
        "ordinaire": claims(),
        "destiné à orders seul": claims(aud="orders"),
        "destiné à orders, en dernier d’une liste": claims(aud=["auth", "users", "orders"]),
        "d’une autre cliente": claims(sub="bob", scope="orders:read"),
        "sans droits": claims(scope=None),
        "avec une déclaration de plus": claims(locale="fr-BE"),
        "valable depuis une heure (nbf)": claims(nbf=claims()["iat"] - 3600),
        "qui expire dans dix jours": claims(exp=claims()["exp"] + 864_000),
    }
    for name, claimed in good.items():
        seen = verify.claims(issuer.sign(claimed), f"Un bon jeton, {name},")
        expect(
            seen == claimed,
            seen=f"Un bon jeton, {name}, déclare {claimed} ; vous rendez {seen}.",
            expected="ses déclarations, telles quelles",
            meaning="Le service ne saurait pas qui parle, ou ce qu’il a le droit de faire.",
        )


@exercise.step("Aucun faux jeton n’entre", points=3, after=reads_good_tokens)
def refuses_forgeries(harness: Harness, make: Callable) -> None:
    issuer = _issuer(harness)
    verify = _Verify(make, issuer)
    verify.claims(issuer.sign(claims()), "Un bon jeton")
    for name, forge in {**FORGERIES, **MORE_FORGERIES}.items():
        verify.expect_refusal(
            forge(issuer), f"Un jeton {name}", "Quelqu’un entrerait sans y avoir droit."
        )
    for text in ("abc", "", "a.b.c", "..", "é.è.à"):
        verify.expect_refusal(
            text, f"Le texte {text!r}", "N’importe quel texte ouvrirait la porte."
        )


@exercise.step(
    "Les clés sont demandées une fois, pas à chaque jeton", points=1, after=reads_good_tokens
)
def fetches_once(harness: Harness, make: Callable) -> None:
    issuer = _issuer(harness)
    verify = _Verify(make, issuer)
    for _ in range(MANY):
        verify.claims(issuer.sign(claims()), "Un bon jeton")
    expect(
        verify.fetches == 1,
        seen=f"{MANY} jetons de la même clé : `fetch_keys` a été appelée {verify.fetches} fois.",
        expected="un seul appel",
        meaning="auth recevrait une requête par requête, et sa panne deviendrait celle de tous.",
    )
    verify.broken = True
    verify.claims(issuer.sign(claims()), "auth est mort ; un bon jeton, d’une clé déjà connue,")


@exercise.step("Une nouvelle clé est découverte sans redémarrer", points=1, after=reads_good_tokens)
def follows_a_rotation(harness: Harness, make: Callable) -> None:
    issuer = Issuer()
    verify = _Verify(make, issuer)
    first, old = issuer.kid, issuer.sign(claims())
    verify.claims(old, "Un bon jeton")
    issuer.rotate()
    verify.claims(issuer.sign(claims()), "auth a changé de clé ; un jeton de la nouvelle")
    verify.claims(old, "auth a changé de clé ; un jeton de l’ancienne, encore publiée,")
    verify.expect_refusal(
        issuer.sign(claims(), named=first),
        "Un jeton signé par la nouvelle clé, et dont le `kid` nomme l’ancienne,",
        "Retirer une clé ne dirait plus quels jetons elle a signés.",
    )
    expect(
        verify.fetches == 2,
        seen=f"Une clé, puis une nouvelle : `fetch_keys` a été appelée {verify.fetches} fois.",
        expected="deux appels : au début, puis pour la clé inconnue",
        meaning="auth serait appelé plus que nécessaire.",
    )


@exercise.step("Une clé retirée ne prouve plus rien", points=1, after=follows_a_rotation)
def forgets_withdrawn_keys(harness: Harness, make: Callable) -> None:
    issuer = Issuer()
    verify = _Verify(make, issuer)
    first, old = issuer.kid, issuer.sign(claims())
    verify.claims(old, "Un bon jeton")
    issuer.rotate()
    issuer.withdraw(first)
    verify.claims(issuer.sign(claims()), "auth a changé de clé ; un jeton de la nouvelle")
    verify.expect_refusal(
        old,
        "auth ne publie plus l’ancienne clé, et vous avez relu les clés depuis ; un jeton de "
        "l’ancienne",
        "Une clé volée ouvrirait encore, même retirée.",
    )


@exercise.step("Un nom de clé inconnu ne coûte qu’une question", points=1, after=follows_a_rotation)
def asks_once_for_an_unknown_key(harness: Harness, make: Callable) -> None:
    issuer = Issuer()
    verify = _Verify(make, issuer)
    verify.claims(issuer.sign(claims()), "Un bon jeton")
    for _ in range(A_FLOOD):
        verify.expect_refusal(
            bringing_its_own_key(issuer),
            "Un jeton au nom de clé inventé",
            "N’importe qui se donnerait une clé.",
        )
    kid = issuer.rotate(published=False)
    early = issuer.sign(claims())
    verify.expect_refusal(
        early,
        "Un jeton dont auth ne publie pas encore la clé",
        "Ce que personne n’a publié ne prouve rien.",
    )
    issuer.publish(kid)
    verify.claims(early, f"Après {A_FLOOD} noms inventés, auth publie une clé ; un jeton d’elle")


class _Verify:
    """The learner's verifier before one issuer; counts how often it fetches the keys."""

    def __init__(self, make: Callable, issuer: Issuer) -> None:
        self.issuer, self.fetches, self.broken = issuer, 0, False
        self._known: set[str] = set()
        self._verifier = make(self._fetch)
        if not callable(getattr(self._verifier, "verify", None)):
            raise Incorrect(
                Finding(
                    f"`Verifier(fetch_keys)` a donné un objet « {type(self._verifier).__name__} » "
                    "sans méthode `verify`.",
                    "un objet dont on appelle `.verify(token)`",
                )
            )

    def claims(self, token: str, what: str) -> dict[str, Any]:
        """What the learner's verifier reads in a good token."""
        with self._few_calls(token, what):
            return self._read(token, what)

    def _read(self, token: str, what: str) -> dict[str, Any]:
        try:
            answer = self._verifier.verify(token)
        except jwt.PyJWTError as error:
            seen = f"{what} est refusé : {type(error).__name__}, {error}."
            raise Incorrect(Finding(seen, "ses déclarations", REFUSED_CUSTOMER)) from error
        except _AuthIsDead as error:
            seen = f"{what} : vous avez appelé `fetch_keys`, et auth ne répond pas."
            raise Incorrect(
                Finding(seen, "les clés déjà lues servent", "Plus personne n’entrerait.")
            ) from error
        return plain(answer, "Ce que rend `verify`")

    def expect_refusal(self, token: str, what: str, meaning: str) -> None:
        """The learner's verifier raises a PyJWTError for this token."""
        with self._few_calls(token, what):
            self._expect_refused(token, what, meaning)

    def _expect_refused(self, token: str, what: str, meaning: str) -> None:
        try:
            answer = self._verifier.verify(token)
        except jwt.PyJWTError:
            return
        except Exception as error:
            if not is_learners(error):
                raise
            raise Incorrect(
                Finding(
                    f"{what} a fait lever {type(error).__name__}, {error}.",
                    "une exception de PyJWT, comme `jwt.InvalidTokenError`",
                    "Un jeton mal fait donnerait une erreur 500, et une alerte dans la nuit.",
                )
            ) from error
        expect(False, f"{what} est accepté ; vous rendez {answer!r}.", "un refus", meaning)

    @contextmanager
    def _few_calls(self, token: str, what: str) -> Iterator[None]:
        """A key that was read is never asked for again, another once for a token."""
        allowed, before = 0 if _key_id(token) in self._known else 1, self.fetches
        yield
        self._expect_few(self.fetches - before, allowed, what)

    def _expect_few(self, calls: int, allowed: int, what: str) -> None:
        known = "d’une clé déjà lue" if not allowed else "d’une clé jamais lue"
        expect(
            calls <= allowed,
            seen=f"{what} ({known}) : `fetch_keys` a été appelée {calls} fois.",
            expected="aucun appel" if not allowed else "un appel au plus",
            meaning="Avec quelques faux jetons, n’importe qui ferait travailler auth sans fin.",
        )

    def _fetch(self) -> dict[str, Any]:
        self.fetches += 1
        if self.broken:
            raise _AuthIsDead("auth ne répond pas")
        published = self.issuer.jwks()
        self._known = {key["kid"] for key in published["keys"]}
        return published


def _key_id(token: str) -> str | None:
    try:
        return jwt.get_unverified_header(token).get("kid")
    except jwt.PyJWTError:
        return None


class _AuthIsDead(Exception):
    """What `fetch_keys` raises when nobody is there."""


REFUSED_CUSTOMER = "Un client en règle resterait à la porte."


def _issuer(harness: Harness) -> Issuer:
    return harness.kept("issuer", Issuer)
