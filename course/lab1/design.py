"""A shop as data: what a learner writes, read into services, and the words of its mistakes.

    boutique = {"catalogue": {"domaine": "produits", "gestes": […], "appelle": […], "publie": […],
                "ecoute": […], "base": "…", "donnees": […], "emporte": […]}, …}

Keys and words are read without case and accents; French and English names of domains are known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from workbook.bets.question import fold
from workbook.checks import Incorrect, NotAttempted, expect, plain
from workbook.checks.outcome import Finding

NAME = re.compile(r"[a-z]+(-[a-z]+)*")
TAKEN = ("registry", "client", "broker")
LISTS = ("gestes", "appelle", "publie", "ecoute", "donnees", "emporte")
TEXTS = ("domaine", "base")

# The domains of the course, and other names they go by.
DOMAINS = {
    "utilisateurs": "utilisateur users user clients client comptes accounts customers",
    "produits": "produit products product catalogue catalog",
    "commandes": "commande orders order",
    "paiements": "paiement payments payment",
    "notifications": "notification messages",
    "stock": "stocks inventory inventaire",
    "livraison": "livraisons shipping delivery expedition",
    "avis": "reviews review",
}
_DOMAIN_OF = {other: name for name, others in DOMAINS.items() for other in (name, *others.split())}


@dataclass(frozen=True)
class Service:
    """One service of the design; the words in its lists are folded, but for names."""

    name: str
    label: str  # its domain, as written
    domain: str
    gestures: tuple[str, ...]
    calls: tuple[str, ...]
    publishes: tuple[str, ...]
    listens: tuple[str, ...]
    base: str
    data: tuple[str, ...]
    takes_down: tuple[str, ...] | None  # None: not said
    written: Mapping[str, str]  # the folded names of its events, as the learner wrote them

    def as_json(self) -> dict[str, object]:
        """What a stub is told of it."""
        return {
            "calls": self.calls,
            "publishes": self.publishes,
            "listens": self.listens,
            "base": self.base,
            "data": self.data,
        }


Design = dict[str, Service]


def read(boutique: object) -> Design:
    """The design; not attempted while `...` stands in it, incorrect when it has another shape."""
    if unfinished(boutique):
        raise NotAttempted("Il reste des « ... » à remplacer dans votre boutique.")
    value = plain(boutique, "La boutique")
    expect(
        isinstance(value, dict) and value,
        seen=f"La boutique est de type « {type(boutique).__name__} », ou vide.",
        expected="un dictionnaire : le nom de chaque service, puis ce qu’il est",
    )
    return {name: _service(name, said) for name, said in value.items()}


def unfinished(value: object) -> bool:
    """Whether `...` stands somewhere in it."""
    if isinstance(value, dict):
        return any(unfinished(part) for part in value.values()) or ... in value
    if isinstance(value, list | tuple):
        return any(unfinished(part) for part in value)
    return value is ...


def _service(name: str, said: object) -> Service:
    expect(
        NAME.fullmatch(name) and name not in TAKEN,
        seen=f"Un service s’appelle « {name} ».",
        expected="des lettres minuscules sans accent, et des traits d’union ; ni "
        f"{', ni '.join(TAKEN)}, qui sont pris",
        meaning="Ce nom sera celui d’un processus : le système doit pouvoir le lancer.",
    )
    expect(
        isinstance(said, dict),
        seen=f"Ce que l’on dit de « {name} » est {said!r}.",
        expected='un dictionnaire, comme {"domaine": "produits"}',
    )
    given = {fold(key): value for key, value in said.items()}
    unknown = sorted(set(given) - {*LISTS, *TEXTS})
    expect(
        not unknown,
        seen=f"« {name} » a une clé inconnue : {', '.join(unknown)}.",
        expected=f"seulement {', '.join((*TEXTS, *LISTS))}",
    )
    texts = {key: _text(name, key, given.get(key, "")) for key in TEXTS}
    lists = {key: _list(name, key, given.get(key, [])) for key in LISTS}
    names = {key: tuple(word.strip() for word in lists[key]) for key in ("appelle", "emporte")}
    words = {key: tuple(map(fold, lists[key])) for key in ("gestes", "publie", "ecoute", "donnees")}
    return Service(
        name=name,
        label=texts["domaine"].strip().capitalize() or name,
        domain=_DOMAIN_OF.get(fold(texts["domaine"]), fold(texts["domaine"])),
        gestures=words["gestes"],
        calls=tuple(dict.fromkeys(names["appelle"])),
        publishes=words["publie"],
        listens=words["ecoute"],
        base=re.sub(r"^(\./)+", "", fold(texts["base"])),
        data=words["donnees"],
        takes_down=names["emporte"] if "emporte" in given else None,
        written={fold(event): event.strip() for event in (*lists["ecoute"], *lists["publie"])},
    )


def as_written(design: Design, event: str) -> str:
    """An event's name with its accents: its publisher's spelling, before a listener's."""
    spelt = {**_spellings(design, "listens"), **_spellings(design, "publishes")}
    return spelt.get(event, event)


def _spellings(design: Design, role: str) -> dict[str, str]:
    return {event: s.written[event] for s in design.values() for event in getattr(s, role)}


def _text(name: str, key: str, value: object) -> str:
    expect(
        isinstance(value, str),
        seen=f"« {name} » : « {key} » est {value!r}.",
        expected="un texte",
    )
    return value


def _list(name: str, key: str, value: object) -> list[str]:
    expect(
        isinstance(value, list) and all(isinstance(word, str) for word in value),
        seen=f"« {name} » : « {key} » est {value!r}.",
        expected="une liste de textes, vide s’il n’y a rien à dire",
    )
    return value


def expect_known(design: Design, key: str, lists: dict[str, tuple[str, ...]]) -> None:
    """Every service named under `key` is one of the design, and another than itself."""
    for name, named in lists.items():
        for other in named:
            expect(
                other in design and other != name,
                seen=f"« {name} » : « {key} » nomme « {other} »"
                f"{', lui-même' if other == name else ', qui n’existe pas'}.",
                expected=f"un autre service de la boutique : {', '.join(design)}",
                meaning="L’appel partirait vers une adresse où personne n’habite.",
            )


def mistakes(boutique: object) -> str:
    """Why this is no design yet, in words; empty when it is one."""
    try:
        read(boutique)
    except (Incorrect, NotAttempted) as told:
        finding: Finding = told.finding
        return f"{finding.seen} Attendu : {finding.expected}" if finding.expected else finding.seen
    return ""
