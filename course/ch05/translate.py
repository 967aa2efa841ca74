"""ch05.translate: what to answer one's own client when the service that is called fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course.ch05.upstream import Upstream, at_best
from workbook.checks import Exercise, Harness, expect, plain
from workbook.checks.outcome import Finding, Incorrect
from workbook.checks.stub import after, cut, reply

exercise = Exercise(
    "ch05.translate",
    title="Dire la bonne panne",
    asks="find_user",
    hints=(
        "`requests.get(url, timeout=1)` lève `requests.Timeout` quand l’autre se tait, "
        "`requests.ConnectionError` quand personne n’écoute. Toutes ses exceptions descendent de "
        "`requests.RequestException` : attrapez la plus précise d’abord.",
        "Un statut n’est pas une exception : comparez `response.status_code`. Un petit "
        "dictionnaire `{404: 422, …}.get(statut, 502)` suffit.",
        "`response.json()` lève `ValueError` si le corps n’est pas du JSON. `null`, `[]` et `{}` "
        "en sont : vérifiez encore que c’est un `dict`, et que `id` et `name` sont des textes.",
    ),
)

FOUND, UNKNOWN, BAD_GATEWAY, DEAD, SILENT = 200, 422, 502, 503, 504
TOO_LATE = 2.0  # seconds: twice what the text allows
COUPLE = "un couple `(statut, corps)`, comme `(404, {})`"
MUTE = "L’autre service se tait"
SECOND_HAND = "Le client croirait s’être trompé, alors que c’est la boutique qui est en panne."
A_PHANTOM = "Une commande serait passée pour un utilisateur que personne n’a trouvé."
USER = {"id": "bob", "name": "Bob"}

STRANGE = {
    "200, une page HTML": reply(200, b"<h1>Bob est en travaux</h1>"),
    "200, un corps vide": reply(200, b""),
    "200, des octets qui ne sont pas du texte": reply(200, b"\xff\xfe\xfa"),
    "200, `null`": reply(200, None),
    "200, une liste": reply(200, [USER]),
    "200, un texte": reply(200, "bob"),
    "200, un dictionnaire sans `name`": reply(200, {"id": "bob"}),
    "200, un dictionnaire sans `id`": reply(200, {"name": "Bob"}),
    "200, un `name` qui vaut `null`": reply(200, {"id": "bob", "name": None}),
    "200, un `id` qui n’est pas un texte": reply(200, {"id": 7, "name": "Bob"}),
    **{
        str(status): reply(status, USER)
        for status in (201, 203, 204, 206, 400, 401, 403, 429, 500, 502)
    },
}
BROKEN_OFF = {
    "en rompant la connexion, sans un mot": cut(),
    "en rompant la connexion au milieu du corps": cut(b'{"id": "bob", '),
}


@exercise.step("Un utilisateur trouvé est rendu", points=1)
def returns_the_user(harness: Harness, find_user: Callable) -> None:
    upstream = _upstream(harness)
    name = harness.unique("Alice")
    users = {"id": "alice", "name": name}, {"id": "bob", "name": "Bob", "email": "bob@shop.test"}
    for user in users:
        _expect_found(_ask(find_user, upstream.plan([reply(200, user)])), user, "aussitôt")
    slow, answers = {"id": "zoe", "name": "Zoé"}, []

    def missed() -> bool:
        answers.append(_ask(find_user, upstream.plan([after(0.6, reply(200, slow))])))
        return answers[-1][0] != FOUND

    at_best(missed, enough=1)
    _expect_found(answers[-1], slow, "après six dixièmes de seconde")


def _expect_found(answer: tuple[int, Any], user: dict, when: str) -> None:
    status, body = answer
    expect(
        status == FOUND and isinstance(body, dict) and user.items() <= body.items(),
        seen=f"L’autre service répond {when} 200 et {user} ; vous rendez {answer}.",
        expected=f"(200, {user})",
        meaning="Aucun client ne pourrait plus commander.",
    )


@exercise.step("Un utilisateur inconnu n’est pas une panne", points=1, after=returns_the_user)
def tells_the_unknown(harness: Harness, find_user: Callable) -> None:
    for body in ({"detail": "Not Found"}, USER, b"<h1>Not Found</h1>"):
        _expect(
            harness, find_user, reply(404, body), "404", {UNKNOWN}, "Le client ne saurait pas "
            "qu’il a mal écrit un nom : il attendrait la fin d’une panne qui n’existe pas.",
        )  # fmt: skip


@exercise.step("Un service mort, un service qui se dit indisponible : 503", points=1)
def tells_the_dead(harness: Harness, find_user: Callable) -> None:
    _expect_one(find_user, _upstream(harness).refused, "Personne n’écoute", {DEAD}, SECOND_HAND)
    _expect(harness, find_user, reply(503, {}), "503", {DEAD}, SECOND_HAND)
    url = _upstream(harness).plan([reply(200, USER), reply(503, {})])
    _expect_found(_ask(find_user, url), USER, "une première fois")
    _expect_one(find_user, url, "L’autre service répond 200, puis 503", {DEAD}, A_PHANTOM)


@exercise.step("Un service muet : 504", points=2, after=returns_the_user, timeout=30)
def tells_the_silent(harness: Harness, find_user: Callable) -> None:
    upstream = _upstream(harness)

    def waited() -> float:
        url = upstream.plan([after(6, reply(200, USER))])
        status, body = _ask(find_user, url, MUTE)
        lasted = max((arrival.lasted for arrival in upstream.arrivals(url)), default=0)
        expect(
            status == SILENT or lasted > TOO_LATE,
            seen=f"{MUTE} : vous rendez {(status, body)}.",
            expected="504",
            meaning=SECOND_HAND,
        )
        return lasted

    seconds = at_best(waited, enough=TOO_LATE, rounds=2)
    expect(
        seconds < TOO_LATE,
        seen=f"{MUTE} : vous attendiez encore après {seconds:.1f} s.",
        expected="renoncer après une seconde",
        meaning="Un seul service muet immobiliserait tous ceux qui l’appellent.",
    )
    _expect(harness, find_user, reply(504, {}), "504", {SILENT}, SECOND_HAND)


@exercise.step("Tout le reste : 502", points=2, after=returns_the_user)
def tells_the_strange(harness: Harness, find_user: Callable) -> None:
    for way, behaviour in STRANGE.items():
        meaning = A_PHANTOM if way.startswith("200,") else SECOND_HAND
        _expect(harness, find_user, behaviour, way, {BAD_GATEWAY}, meaning)
    for way, behaviour in BROKEN_OFF.items():
        _expect(harness, find_user, behaviour, way, {BAD_GATEWAY, DEAD}, SECOND_HAND)


def _expect(
    harness: Harness,
    find_user: Callable,
    behaviour: Callable,
    way: str,
    wanted: set[int],
    meaning: str,
) -> None:
    url = _upstream(harness).plan([behaviour])
    _expect_one(find_user, url, f"L’autre service répond {way}", wanted, meaning)


def _expect_one(
    find_user: Callable, url: str, situation: str, wanted: set[int], meaning: str
) -> None:
    status, body = _ask(find_user, url, situation)
    expect(
        status in wanted,
        seen=f"{situation} : vous rendez {(status, body)}.",
        expected=" ou ".join(map(str, sorted(wanted))),
        meaning=meaning,
    )


def _ask(find_user: Callable, url: str, situation: str = "") -> tuple[int, Any]:
    """What `find_user(url)` returns. In a `situation` that it must survive, nothing is raised."""
    try:
        answer = find_user(url)
    except NotImplementedError:
        raise
    except Exception as error:
        if not situation:
            raise
        raise Incorrect(
            Finding(
                seen=f"{situation} : il sort de votre fonction {type(error).__name__}, "
                f"« {str(error)[:80]} ».",
                expected=COUPLE,
                meaning="Le client recevrait une erreur 500, sans un mot sur ce qui manque.",
            )
        ) from error
    couple = plain(answer)
    expect(
        isinstance(couple, list) and len(couple) == 2 and type(couple[0]) is int,
        seen=f"Vous rendez {couple!r}.",
        expected=COUPLE,
    )
    return couple[0], couple[1]


def _upstream(harness: Harness) -> Upstream:
    return harness.kept("upstream", lambda: harness.closing.enter_context(Upstream()))
