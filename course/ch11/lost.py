"""ch11.lost: a service whose trace breaks where its work passes to a pool of threads."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

from workbook.checks import Exercise, Finding, Incorrect, expect

if TYPE_CHECKING:
    from workbook.checks import Harness
    from workbook.shop.client import Response

NAME = "devis"
SUPPLIERS = {"products": "/products/", "inventory": "/stock/"}
SKUS = ("LAMP", "CHAIR", "DESK", "MUG", "BOOK")
SLOW = 1.0  # seconds that each supplier takes, so that two calls in a row cannot overlap
SLOWER = 3.0  # on a machine so busy that two calls at once did not

exercise = Exercise(
    "ch11.lost",
    title="Trouver le défaut : la trace perdue",
    service=NAME,
    hints=(
        "Regardez `shop.trace(…)` d’un devis : ce qui manque n’a pas disparu, il est dans une "
        "autre trace. Quelle ligne sépare ce qui y est de ce qui n’y est pas ?",
        "Le contexte d’une requête vit dans une variable de contexte (module `contextvars`). Un "
        "*thread* qui attendait dans une réserve n’a pas celui de la requête.",
        "`contextvars.copy_context()` copie le contexte présent, et `.run(fonction, …)` y exécute "
        "une fonction. Une copie ne sert qu’à un *thread* à la fois.",
    ),
)


@exercise.step("Le devis est juste", points=1)
def quotes(harness: Harness) -> None:
    for sku in SKUS[:2]:
        _expect_quote(harness, sku)


def _expect_quote(harness: Harness, sku: str) -> Response:
    response = harness.service.get(f"/quotes/{sku}")
    _expect_right(response, sku, _quote(harness, sku))
    return response


def _quote(harness: Harness, sku: str) -> dict:
    """What a right quote says."""
    return {
        "price_cents": harness.shop["products"].get(f"/products/{sku}").json()["price_cents"],
        "available": harness.shop["inventory"].get(f"/stock/{sku}").json()["available"],
    }


def _expect_right(response: Response, sku: str, expected: dict) -> None:
    expect(
        response.status_code == HTTPStatus.OK and expected.items() <= _object(response).items(),
        seen=f"GET /quotes/{sku} a répondu {response.status_code} : {response.text[:200]}",
        expected=f"200, avec {expected}",
        meaning="Le client ne saurait ni le prix ni le stock.",
        http=response,
    )


def _object(response: Response) -> dict:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


@exercise.step("Une seule trace, d’un seul tenant", points=2, after=quotes)
def one_trace(harness: Harness) -> None:
    _expect_whole(harness, _expect_quote(harness, SKUS[0]), SKUS[0])


def _expect_whole(harness: Harness, response: Response, sku: str) -> list[dict]:
    """Both suppliers served `sku` once in this trace, below devis; return their spans."""
    spans = harness.shop.spans(response)
    served = [span for span in spans if span["span_kind"] == "server" and span["service"] != NAME]
    asked = sorted(span["attributes"]["url.path"] for span in served if _is_call(span))
    wanted = sorted(path + sku for path in SUPPLIERS.values())
    expect(
        asked == wanted,
        seen=f"La trace de GET /quotes/{sku} contient {', '.join(asked) or 'aucun appel servi'}.",
        expected=" et ".join(wanted) + ", une fois chacun",
        meaning="Le temps passé chez les fournisseurs serait introuvable, ou compté à un autre "
        "client.",
    )
    by_id = {span["span_id"]: span for span in spans}
    for span in filter(_is_call, served):
        expect(
            any(above["service"] == NAME for above in _above(span, by_id)),
            seen=f"{span['service']} a servi {span['attributes']['url.path']} dans cette trace, "
            f"mais on n’y arrive pas par « {NAME} ».",
            expected=f"un appel qui descend de la requête que « {NAME} » sert",
            meaning="La carte montrerait le client appelant lui-même le fournisseur.",
        )
    return [span for span in served if _is_call(span)]


def _is_call(span: dict) -> bool:
    return span["service"] in SUPPLIERS


def _above(span: dict, by_id: dict[str, dict]) -> Iterator[dict]:
    while (span := by_id.get(span["parent_id"])) is not None:
        yield span


@exercise.step("Les deux fournisseurs travaillent encore ensemble", points=1, after=one_trace)
def at_once(harness: Harness) -> None:
    _expect_at_once(harness, SKUS[1:2])


@exercise.step("Cinq clients à la fois, cinq traces", points=1, after=at_once)
def each_its_own(harness: Harness) -> None:
    _expect_at_once(harness, SKUS)


def _expect_at_once(harness: Harness, skus: tuple[str, ...]) -> None:
    """Each quote has a trace of its own; a quote alone has both suppliers at work at once.

    Calls in a row never overlap, however slow each is: one overlap is proof enough, and a busy
    machine has a second round.
    """
    expected = {sku: _quote(harness, sku) for sku in skus}
    for seconds in (SLOW, SLOWER):
        with _slow_suppliers(harness, seconds), ThreadPoolExecutor(len(skus)) as pool:
            responses = list(pool.map(harness.service.get, [f"/quotes/{sku}" for sku in skus]))
        apart = {}
        for sku, response in zip(skus, responses, strict=True):
            _expect_right(response, sku, expected[sku])
            spans = _expect_whole(harness, response, sku)
            first, second = sorted(spans, key=lambda span: span["start"])
            if second["start"] >= first["start"] + first["duration"]:
                apart[sku] = first["service"], second["service"]
        if not apart or len(skus) > 1:  # of several at once, a small pool may keep some waiting
            return
    sku, (first, second) = next(iter(apart.items()))
    raise Incorrect(
        Finding(
            seen=f"GET /quotes/{sku} : {second} n’a commencé qu’une fois {first} fini.",
            expected="deux appels à la fois, comme avant la réparation",
            meaning="La trace est belle, et le client attend la somme au lieu du plus lent.",
        )
    )


@contextmanager
def _slow_suppliers(harness: Harness, seconds: float = SLOW) -> Iterator[None]:
    """Make both take their time, and end it even if the check is cut short."""
    for name in SUPPLIERS:
        harness.closing.callback(harness.shop.slow, name, 0)
        harness.shop.slow(name, seconds)
    try:
        yield
    finally:
        for name in SUPPLIERS:
            harness.shop.slow(name, 0)
