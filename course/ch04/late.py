"""ch04.late: a registry where who leaves, or wakes up, must not touch who has taken its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from workbook.checks import Exercise, Harness, expect

if TYPE_CHECKING:
    from workbook.shop.client import Response

exercise = Exercise(
    "ch04.late",
    title="Trouvez le défaut : l’ancien et le nouveau",
    service="annuaire",
    hints=(
        "Deux processus portent le même nom, l’un après l’autre. Que fait `leave` quand c’est le "
        "premier qui s’en va, en retard ?",
        "Chacun a reçu son numéro de bail, et l’annonce à chaque requête. Qui le compare à celui "
        "de l’inscription en cours ?",
        "Une même question, avant d’écrire ou d’effacer : `name in table`, et "
        '`table[name]["lease"]` est-il le sien ? Dans l’URL, un numéro est un texte : '
        "`int(…)`. Et n’oubliez pas `beat`.",
    ),
)

OLD, NEW = "l’ancien", "le nouveau"
URLS = {OLD: "http://10.0.0.1:5001", NEW: "http://10.0.0.2:5002"}
SAME_URL = dict.fromkeys(URLS, "http://10.0.0.1:5001")  # a process started again where it was
STARTS, BEATS, LEAVES = "s’inscrit", "bat", "se désinscrit"
NEIGHBOUR = "un voisin, d’un autre nom, s’inscrit"
NEVER_GIVEN = 1_000_000
LONGEST, LONGEST_AGAIN = 4, 3
ACTS = [(who, verb) for who in (OLD, NEW) for verb in (STARTS, BEATS, LEAVES)]
Story = tuple[tuple[str, str], ...]


@exercise.step("Une instance seule s’inscrit, bat et s’en va", points=1, timeout=30)
def works_alone(harness: Harness) -> None:
    for story in _stories():
        if all(who == OLD for who, _ in story) and (OLD, LEAVES) not in story[:-1]:
            _Play(harness).run(story)


@exercise.step("L’ancien s’en va, le nouveau reste", points=2, after=works_alone, timeout=40)
def leaves_alone(harness: Harness) -> None:
    _play(harness, [story for story in _stories() if story[-1][1] == LEAVES])


@exercise.step("L’ancien se réveille, le nouveau reste", points=2, after=works_alone, timeout=40)
def ignores_the_late(harness: Harness) -> None:
    _play(harness, [story for story in _stories() if story[-1][1] != LEAVES])


def _play(harness: Harness, stories: Sequence[Story]) -> None:
    """These stories; the short ones again, with one address for both, or beside another name."""
    short = [story for story in stories if len(story) <= LONGEST_AGAIN]
    for story in stories:
        _Play(harness).run(story)
    for story in short:
        _Play(harness, SAME_URL).run(story)
    for story in short:
        _Play(harness).run_beside_a_neighbour(story)


def _stories() -> Iterator[Story]:
    """Every story of up to four acts, the old one starting first, nobody acting before it starts.

    Who has left may still be heard: a request was on its way.
    """
    for length in range(1, LONGEST + 1):
        for story in product(ACTS, repeat=length):
            if story[0] == (OLD, STARTS) and _makes_sense(story):
                yield story


def _makes_sense(story: Story) -> bool:
    started: set[str] = set()
    for who, verb in story:
        if (verb == STARTS) == (who in started):
            return False
        started.add(who)
    return True


class _Play:
    """One story under a name of its own, beside what the registry should make of it."""

    def __init__(self, harness: Harness, urls: Mapping[str, str] = URLS) -> None:
        self._harness, self._service, self._urls = harness, harness.service, urls
        self._path = f"/instances/{harness.unique('orders')}"
        self._leases: dict[str, Any] = {}
        self._owner: str | None = None

    def run(self, story: Story) -> None:
        """Play it; its beginnings were judged as shorter stories."""
        for place in range(len(story)):
            self._act(story, place, self._told(story[: place + 1]))
        self._expect_known(self._told(story))

    def run_beside_a_neighbour(self, story: Story) -> None:
        """Play it while another name is registered, before its last act; then use other leases."""
        neighbour = _Play(self._harness)
        for place in range(len(story)):
            if place == len(story) - 1:
                neighbour._start(OLD, f"{_told(story[:place])}, {NEIGHBOUR}".strip(", "))
            self._act(story, place, f"{self._told(story[: place + 1])} (avant cela, {NEIGHBOUR})")
        for lease in (neighbour._leases[OLD], NEVER_GIVEN):
            if lease not in self._leases.values():  # each name may count its own
                self._use_another_lease(lease, self._told(story))
        neighbour._expect_known(f"{self._told(story)} ; avant cela, {NEIGHBOUR}")

    def _use_another_lease(self, lease: int, told: str) -> None:
        whose = "d’un autre nom" if lease != NEVER_GIVEN else "jamais donné"
        for verb in (BEATS, LEAVES):
            said = f"{told}, quelqu’un {verb} avec le bail {lease}, {whose}"
            self._expect_refused(self._request(verb, URLS[OLD], lease), verb, said)
            self._expect_known(said)

    def _act(self, story: Story, place: int, told: str) -> None:
        who, verb = story[place]
        if verb == STARTS:
            self._start(who, told)
        else:
            self._send(who, verb, told)

    def _told(self, story: Story) -> str:
        return _told(story) + (" à la même adresse" if self._urls is SAME_URL else "")

    def _start(self, who: str, told: str) -> None:
        answer = self._service.post(self._path, {"url": self._urls[who]})
        body = _body(answer)
        expect(
            answer.status_code == 201 and isinstance(body, dict) and type(body.get("lease")) is int,
            seen=f"{told} : réponse {answer.status_code}, {answer.text[:80]}",
            expected='201 et {"lease": un numéro, …}',
            meaning="Un service qui démarre resterait inconnu.",
            http=answer,
        )
        self._leases[who], self._owner = body["lease"], who

    def _send(self, who: str, verb: str, told: str) -> None:
        answer = self._request(verb, self._urls[who], self._leases[who])
        if self._owner == who:
            expect(
                answer.status_code == 204,
                seen=f"{told} : réponse {answer.status_code}.",
                expected="204 : c’est son bail",
                meaning="Une instance en règle serait repoussée.",
                http=answer,
            )
            self._owner = None if verb == LEAVES else who
        else:
            self._expect_refused(answer, verb, told)

    def _request(self, verb: str, url: str, lease: int) -> Response:
        if verb == BEATS:
            return self._service.put(self._path, {"url": url, "lease": lease})
        return self._service.delete(f"{self._path}?lease={lease}")

    def _expect_refused(self, answer: Response, verb: str, told: str) -> None:
        # To leave twice is no error where the name is free.
        wanted = (409,) if self._owner else (404, 409) if verb == BEATS else (204, 404, 409)
        expect(
            answer.status_code in wanted,
            seen=f"{told} : réponse {answer.status_code}.",
            expected=" ou ".join(map(str, wanted)) + " : ce bail n’est plus le bon",
            meaning="L’ancien processus se croirait toujours inscrit.",
            http=answer,
        )

    def _expect_known(self, told: str) -> None:
        answer = self._service.get(self._path)
        if self._owner is None:
            expect(
                answer.status_code == 404,
                seen=f"{told}. L’annuaire répond {answer.status_code}, {answer.text[:80]}",
                expected="404 : plus personne ne porte ce nom",
                meaning="Des clients seraient envoyés à un processus qui est parti.",
                http=answer,
            )
            return
        body = _body(answer)
        url = body.get("url") if isinstance(body, dict) else None
        expect(
            answer.status_code == 200 and url == self._urls[self._owner],
            seen=f"{told}. L’annuaire répond {answer.status_code}, {answer.text[:80]}",
            expected=f"200 et {self._urls[self._owner]}",
            meaning="Le nouveau processus tourne, et personne ne le trouve."
            if self._owner == NEW
            else "L’instance tourne, et personne ne la trouve.",
            http=answer,
        )


def _body(answer: Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _told(story: Story) -> str:
    """The story in words: « L’ancien s’inscrit, le nouveau s’inscrit, l’ancien bat »."""
    text = ", ".join(f"{who} {verb}" for who, verb in story)
    return text[:1].upper() + text[1:]
