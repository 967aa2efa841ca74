"""ch03.headers: the identity that a service reads comes from the token, from nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any

from workbook.checks import Exercise, Finding, Harness, Incorrect, expect

exercise = Exercise(
    "ch03.headers",
    title="N’écouter que le jeton",
    asks="outgoing",
    hints=(
        "Construisez une liste nouvelle : pour chaque couple `(name, value)`, demandez-vous si ce "
        "nom a le droit de passer. L’identité s’ajoute à la fin.",
        "Ramenez chaque nom à une seule écriture avant de le comparer : "
        '`name.lower().replace("_", "-")`.',
        'Ce qui commence par `"x-user-"` ne passe jamais, avec ou sans jeton. '
        'Puis, si `user` n’est pas `None`, ajoutez `("X-User-Id", user)`.',
    ),
)

OTHERS = (
    ("Accept", "application/json"),
    ("Authorization", "Bearer abc.def"),
    ("X-Userland", "oui"),
    ("My-X-User-Id", "admin"),
    ("X-User", "admin"),
    ("Content-Type", "text/plain"),
    ("X_Request_Id", "42"),
)
PARTS = tuple(product(("x", "X"), "-_", ("user", "User", "USER"), "-_"))
ENDINGS = ("id", "Id", "ID", "role", "Email", "")
USERS = ("bob", "0", "", None)
PAIRS = "une liste de couples `(nom, valeur)`, ou un dictionnaire"


@exercise.step("L’identité écrite est celle du jeton", points=1)
def writes_the_identity(harness: Harness, outgoing: Callable) -> None:
    for user in ("bob", harness.unique("client"), "0", ""):
        sent = _sent(outgoing, list(OTHERS), user)
        found = [value for name, value in sent if name == "x-user-id"]
        expect(
            found == [user],
            seen=f"Pour le jeton de {user!r}, `X-User-Id` part avec : {_said(found)}.",
            expected=f"une fois « {user} »",
            meaning="Le service ne saurait pas pour qui il travaille.",
        )


@exercise.step("Sans jeton, aucune identité", points=1)
def writes_none(harness: Harness, outgoing: Callable) -> None:
    sent = _sent(outgoing, list(OTHERS), None)
    found = [value for name, value in sent if _normal(name).startswith("x-user-")]
    expect(
        not found,
        seen=f"Sans jeton valable, la porte écrit pourtant une identité : {_said(found)}.",
        expected="aucun en-tête `X-User-…`",
        meaning="Un inconnu serait pris pour quelqu’un.",
    )


@exercise.step("Le reste passe tel quel", points=1)
def passes_the_rest(harness: Harness, outgoing: Callable) -> None:
    for user in USERS:
        sent = _sent(outgoing, list(OTHERS), user)
        lost = [f"{name}: {value}" for name, value in OTHERS if (name.lower(), value) not in sent]
        expect(
            not lost,
            seen=f"N’est pas arrivé au service : {_said(lost)}.",
            expected="tout ce qui n’est pas une identité, sans rien y changer",
            meaning="Le service ne recevrait plus ce que le client lui dit.",
        )
        known = {name.lower() for name, _ in OTHERS} | {"x-user-id"}
        invented = [f"{name}: {value}" for name, value in sent if name not in known]
        expect(
            not invented,
            seen=f"Le service reçoit ce que personne n’a envoyé : {_said(invented)}.",
            expected="les en-têtes du client, et l’identité",
        )


@exercise.step(
    "Aucune identité du client ne passe, quelle que soit son écriture",
    points=2,
    after=(writes_the_identity, writes_none, passes_the_rest),
)
def stops_forgeries(harness: Harness, outgoing: Callable) -> None:
    forged = harness.unique("usurpateur")
    for user, headers in product(USERS, _forgeries(forged)):
        sent = _sent(outgoing, list(headers), user)
        through = [name for name, value in sent if forged in value]
        whom = "D’un inconnu" if user is None else f"De {user}"
        tried = [name for name, value in headers if value == forged]
        expect(
            not through,
            seen=f"{whom}, l’en-tête {_said(tried)} est passé jusqu’au service.",
            expected="aucun `X-User-…` venu du client, quelles que soient majuscules et tirets",
            meaning="Qui veut lire les commandes d’un autre n’a qu’à dire qu’il est cet autre.",
        )
        found = [value for name, value in sent if name == "x-user-id"]
        expect(
            found == ([] if user is None else [user]),
            seen=f"{whom}, qui envoie aussi {_said(tried)}, `X-User-Id` part avec : "
            f"{_said(found)}.",
            expected="aucune identité" if user is None else "l’identité du jeton, une fois",
            meaning="Il suffirait d’un faux en-tête pour effacer le vrai.",
        )
        lost = [f"{name}: {value}" for name, value in OTHERS if (name.lower(), value) not in sent]
        expect(
            not lost,
            seen=f"Quand le client envoie {_said(tried)}, n’arrive plus : {_said(lost)}.",
            expected="tout ce qui n’est pas une identité, sans rien y changer",
        )


@exercise.step("Même vraie, l’identité du client ne passe pas", points=1, after=stops_forgeries)
def writes_it_once(harness: Harness, outgoing: Callable) -> None:
    for headers in _forgeries("bob"):
        sent = _sent(outgoing, list(headers), "bob")
        found = [name for name, _ in sent if _normal(name).startswith("x-user-")]
        expect(
            found == ["x-user-id"],
            seen=f"Bob envoie lui-même son identité : le service reçoit {_said(found)}.",
            expected="un seul `X-User-Id`, celui du jeton",
            meaning="Un service qui lit le premier, un autre le dernier : deux vérités.",
        )


def _forgeries(forged: str) -> Iterator[list[tuple[str, str]]]:
    """Every spelling first, last and in the middle, then several at once."""
    spellings = [f"{''.join(parts)}{ending}" for parts, ending in product(PARTS, ENDINGS)]
    middle = len(OTHERS) // 2
    for name in spellings:
        for place in (0, middle, len(OTHERS)):
            yield [*OTHERS[:place], (name, forged), *OTHERS[place:]]
    for several in (["X-User-Id"] * 2, ["X-User-Id", "x-user-id", "X_User_Id"], spellings):
        lies = [(name, forged) for name in several]
        yield [*lies, *OTHERS]
        yield [*lies[:1], *OTHERS, *lies[1:]]


def _sent(
    outgoing: Callable, headers: list[tuple[str, str]], user: str | None
) -> list[tuple[str, str]]:
    """What the answer makes of the headers: pairs, names in lower case as HTTP compares them."""
    answer = outgoing(headers, user)
    items = getattr(answer, "items", None)
    try:
        pairs = [(name, value) for name, value in (items() if callable(items) else answer)]
    except (TypeError, ValueError) as error:
        raise Incorrect(_not_pairs(answer)) from error
    if not all(isinstance(text, str) for pair in pairs for text in pair):
        raise Incorrect(_not_pairs(answer))
    return [(name.lower(), value) for name, value in pairs]


def _not_pairs(answer: Any) -> Finding:
    shown = repr(answer)
    return Finding(
        seen=f"`outgoing` rend {shown[:120]}{'…' if len(shown) > 120 else ''}, "
        f"de type « {type(answer).__name__} ».",
        expected=f"{PAIRS}, tout en textes",
        meaning="La porte ne saurait pas quoi transmettre.",
    )


def _normal(name: str) -> str:
    return name.lower().replace("_", "-")


def _said(texts: Iterable[str]) -> str:
    listed = [f"« {text} »" for text in texts]
    return ", ".join(listed[:4]) + (" …" if len(listed) > 4 else "") if listed else "rien"
