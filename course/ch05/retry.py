"""ch05.retry: try again without ordering twice, nor for ever, nor all at the same moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from course.ch05.upstream import Upstream, at_best
from workbook.checks import Exercise, Harness, expect
from workbook.checks.callers import together
from workbook.checks.stub import Request, cut, hang, reply

exercise = Exercise(
    "ch05.retry",
    title="Réessayer sans commander deux fois",
    asks="place",
    hints=(
        "La clé se tire **avant** la boucle, par `str(uuid.uuid4())`, et part dans l’en-tête "
        "`Idempotency-Key` de chaque essai.",
        "L’heure de fin se calcule une fois : `end = time.monotonic() + seconds`. Il reste alors "
        "`end - time.monotonic()` ; un essai reçoit le plus petit de ce reste et d’une seconde.",
        "`sleep(random.uniform(0, 0.2 * 2**n))` attend. Une réponse à rendre : son statut n’est "
        "pas dans `{502, 503, 504}`. Une exception à réessayer : `requests.RequestException`.",
    ),
)

TRIES, GIVE_UP = 4, 2.0  # GIVE_UP: twice the second that an attempt may wait
AMPLE = 20.0  # seconds: a client that is in no hurry
FINAL = (201, 200, 400, 404, 409, 422, 429, 500)
PASSING = {
    "503": reply(503, {}),
    "502": reply(502, {}),
    "504": reply(504, {}),
    "une connexion rompue": cut(),
    "une réponse rompue au milieu": cut(b'{"id": '),
}
MADE = reply(201, {"id": "commande-1"})
CLIENTS, CEILINGS = 40, (0.2, 0.4, 0.8)  # seconds, before the 2nd, 3rd and 4th attempt
TWICE = "Le client serait débité deux fois d’une commande qu’il n’a passée qu’une fois."


@exercise.step("Ce qui est décidé est rendu, du premier coup", points=1)
def returns_what_is_decided(harness: Harness, place: Callable) -> None:
    order = {"sku": "LAMP", "quantity": harness.random.randrange(2, 9)}
    for status in FINAL:
        url = _upstream(harness).plan([reply(status, {"id": "commande-1"}), MADE])
        answer = place(url, order, AMPLE)
        arrivals = _upstream(harness).arrivals(url)
        expect(
            bool(arrivals) and arrivals[0].method == "POST" and arrivals[0].json == order,
            seen=f"L’autre service a reçu {_told(arrivals)}.",
            expected=f"POST {order}, en JSON",
        )
        expect(
            len(arrivals) == 1,
            seen=f"À la réponse {status}, vous avez envoyé {len(arrivals)} requêtes.",
            expected=f"une seule : {status} est une décision, la répéter n’y changera rien",
            meaning="Un client qui se trompe ferait travailler la boutique quatre fois.",
        )
        expect(
            _status(answer) == status,
            seen=f"L’autre service répond {status} ; vous rendez {answer!r}.",
            expected="cette réponse",
            meaning="Le client ignorerait ce que la boutique a décidé.",
        )


@exercise.step(
    "Ce qui passe est réessayé, quatre fois au plus",
    points=2,
    after=returns_what_is_decided,
    timeout=30,
)
def tries_again(harness: Harness, place: Callable) -> None:
    upstream = _upstream(harness)
    failures = {way: [behaviour] for way, behaviour in PASSING.items()}
    failures["trois pannes de suite"] = [cut(), reply(503, {}), reply(502, {})]
    urls = {way: upstream.plan([*series, MADE]) for way, series in failures.items()}
    hopeless = upstream.plan([reply(503, {})])
    answers = _place_at(place, [*urls.values(), hopeless, upstream.refused])
    for (way, url), answer in zip(urls.items(), answers, strict=False):
        wanted = len(failures[way]) + 1
        _keep(harness, url)
        expect(
            _status(answer) == 201,
            seen=f"D’abord {way}, puis 201 : vous rendez {answer!r}.",
            expected=f"la réponse 201, à l’essai {wanted}",
            meaning="Une panne d’une seconde ferait perdre des ventes.",
        )
        _expect_tries(upstream, url, wanted, f"D’abord {way}, puis 201")
    _expect_tries(upstream, hopeless, TRIES, "Toujours 503")
    for situation, answer in (("Toujours 503", answers[-2]), ("Personne n’écoute", answers[-1])):
        expect(
            answer is None,
            seen=f"{situation} : vous rendez {answer!r}.",
            expected="None, après le dernier essai",
            meaning="Le client prendrait une panne pour une décision.",
        )


def _expect_tries(upstream: Upstream, url: str, wanted: int, situation: str) -> None:
    tries = len(upstream.arrivals(url))
    expect(
        tries == wanted,
        seen=f"{situation} : vous avez envoyé {tries} requêtes.",
        expected=str(wanted),
        meaning="Un service qui tombe recevrait d’autant plus d’appels qu’il va mal."
        if tries > wanted
        else "La boutique renoncerait à des ventes qu’un essai de plus sauvait.",
    )


@exercise.step("Une commande, une clé ; deux commandes, deux clés", points=2, after=tries_again)
def keeps_its_key(harness: Harness, place: Callable) -> None:
    orders = [_keys(_upstream(harness).arrivals(url)) for url in _kept_urls(harness)]
    expect(
        all(key for keys in orders for key in keys),
        seen="Une requête est partie sans en-tête `Idempotency-Key`.",
        expected="une clé à chaque essai",
        meaning=TWICE,
    )
    changing = next((keys for keys in orders if len(set(keys)) > 1), [])
    expect(
        not changing,
        seen=f"Les essais d’une même commande portent les clés {', '.join(map(str, changing))}.",
        expected="la même clé à chaque essai",
        meaning=TWICE,
    )
    expect(
        len({keys[0] for keys in orders}) == len(orders),
        seen="Deux commandes, de même contenu, ont porté la même clé.",
        expected="une clé nouvelle pour chaque appel de `place`",
        meaning="Le client qui veut deux lampes, en deux fois, n’en recevrait qu’une.",
    )


@exercise.step("Mille clients ne reviennent pas ensemble", points=1, after=tries_again)
def comes_back_at_random(harness: Harness, place: Callable) -> None:
    """Instead of waiting, the waits are noted: they are the same on a busy machine."""
    seen = [_waits_of(harness, place) for _ in range(CLIENTS)]
    for longest, waits in zip(CEILINGS, zip(*seen, strict=True), strict=True):
        told = f"{CLIENTS} clients refusés au même moment attendent {_range(waits)}"
        expect(
            max(waits) <= longest + 0.01,
            seen=f"{told}.",
            expected=f"de 0 à {_seconds(longest)} avant cet essai-là",
            meaning="Le client serait parti avant le dernier essai.",
        )
        expect(
            min(waits) < longest / 2 < max(waits),
            seen=f"{told} : ce n’est pas tiré entre 0 et {_seconds(longest)}.",
            expected=f"une attente tirée au hasard, entre 0 et {_seconds(longest)}",
            meaning="Le service à peine relevé les recevrait tous au même instant, et retomberait.",
        )


def _waits_of(harness: Harness, place: Callable) -> list[float]:
    """The waits of one client, in seconds, before its second, third and fourth attempts."""
    waits = [0.0] * (TRIES + 1)  # by the number of attempts that had come
    url = _upstream(harness).plan([*[reply(503, {})] * (TRIES - 1), MADE])

    def sleep(seconds: float) -> None:
        waits[len(_upstream(harness).arrivals(url))] += seconds

    place(url, {"sku": "LAMP"}, AMPLE, sleep=sleep)
    tries, between = len(_upstream(harness).arrivals(url)), waits[1:TRIES]
    expect(
        tries == TRIES and all(wait > 0 for wait in between),
        seen=f"{tries} essais, et entre eux des attentes de {', '.join(map(_seconds, between))}.",
        expected="un appel à `sleep` avant chaque nouvel essai",
        meaning="Un service qui vient de refuser serait rappelé aussitôt.",
    )
    return between


def _range(waits: tuple[float, ...]) -> str:
    return f"de {_seconds(min(waits))} à {_seconds(max(waits))}"


def _seconds(wait: float) -> str:
    return f"{wait:.2f} s".replace(".", ",")


@exercise.step("Personne n’attend plus que prévu", points=2, after=tries_again, timeout=60)
def gives_up_in_time(harness: Harness, place: Callable) -> None:
    seconds = at_best(lambda: _longest_try(harness, place, AMPLE), enough=GIVE_UP, rounds=2)
    expect(
        seconds < GIVE_UP,
        seen=f"L’autre service se tait : un essai a attendu {seconds:.1f} s.",
        expected="un essai n’attend pas plus d’une seconde",
        meaning="Un seul service muet immobiliserait tous ceux qui l’appellent.",
    )
    url = _upstream(harness).plan([hang(5)])
    place(url, {"sku": "LAMP"}, 0.5)
    tries = len(_upstream(harness).arrivals(url))
    expect(
        tries == 1,
        seen=f"Le client attend 0,5 s, l’autre service se tait : vous avez fait {tries} essais.",
        expected="un seul : le client est parti avant la fin du premier",
        meaning="La boutique travaillerait pour des clients qui n’attendent plus.",
    )
    _expect_no_late_try(harness, place)
    short = at_best(lambda: _longest_try(harness, place, 0.2), enough=0.8)
    expect(
        short < 0.8,
        seen=f"Le client attend 0,2 s ; un essai a attendu {short:.1f} s.",
        expected="un essai n’attend jamais au-delà du délai du client",
        meaning="La boutique travaillerait pour des clients qui n’attendent plus.",
    )


def _expect_no_late_try(harness: Harness, place: Callable) -> None:
    """Neither after a sleep that lasted too long, nor from a thread that was left behind."""
    upstream = _upstream(harness)
    overslept, silent = upstream.plan([reply(503, {})]), upstream.plan([hang(5)])
    place(overslept, {"sku": "LAMP"}, 0.5, sleep=lambda _: time.sleep(0.7))
    place(silent, {"sku": "LAMP"}, 0.5)
    time.sleep(1.5)  # longer than an attempt and the wait after it
    for url, situation in ((overslept, "`sleep` a dormi 0,7 s"), (silent, "l’autre se tait")):
        tries = len(upstream.arrivals(url))
        expect(
            tries <= 1,
            seen=f"Le client attend 0,5 s, {situation} : un essai a commencé après son départ.",
            expected="aucun essai une fois le délai passé",
            meaning="La boutique travaillerait pour des clients qui n’attendent plus.",
        )


def _longest_try(harness: Harness, place: Callable, seconds: float) -> float:
    """How long an attempt waits for somebody who keeps silent, then is back."""
    url = _upstream(harness).plan([hang(5), MADE])
    answer = place(url, {"sku": "LAMP"}, seconds)
    arrivals = _upstream(harness).arrivals(url)
    expect(
        seconds < 1 or _status(answer) == 201,
        seen=f"L’autre service se tait, puis répond 201 : vous rendez {answer!r}.",
        expected="la réponse 201, au deuxième essai",
        meaning="Une panne d’une seconde ferait perdre des ventes.",
    )
    return arrivals[0].lasted


def _place_at(place: Callable, urls: list[str]) -> list[Any]:
    return together([partial(place, url, {"sku": "LAMP", "quantity": 1}, AMPLE) for url in urls])


def _keys(arrivals: list[Request]) -> list[str | None]:
    return [arrival.headers.get("idempotency-key") for arrival in arrivals]


def _keep(harness: Harness, url: str) -> None:
    harness.kept("urls", list).append(url)


def _kept_urls(harness: Harness) -> list[str]:
    return harness.kept("urls", list)


def _status(answer: object) -> object:
    return getattr(answer, "status_code", None)


def _told(arrivals: list[Request]) -> str:
    if not arrivals:
        return "aucune requête"
    return f"{arrivals[0].method} {arrivals[0].body[:80].decode(errors='replace')!r}"


def _upstream(harness: Harness) -> Upstream:
    return harness.kept("upstream", lambda: harness.closing.enter_context(Upstream()))
