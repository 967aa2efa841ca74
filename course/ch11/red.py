"""ch11.red: a service that counts and times each of its answers, by route and by status."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families

from workbook.checks import CannotCheck, Exercise, Finding, Incorrect, NotAttempted, expect

if TYPE_CHECKING:
    from workbook.checks import Harness
    from workbook.shop.client import Response

NAME = "http_request_duration_seconds"
LABELS = ("method", "route", "status")
SHOW, MEAN, REPORT = "/reviews/<sku>", "/reviews/<sku>/mean", "/report"
SLEEP = 0.2  # seconds that /report takes
SEVERAL = 3
AT_ONCE = 5
LENIENCE = 0.05
ROUNDING = 0.01

exercise = Exercise(
    "ch11.red",
    title="Mesurer débit, erreurs et durée",
    service="avis",
    hints=(
        "`g` vit le temps d’une requête, et chaque requête a le sien : c’est là que `begin` "
        "garde l’heure du départ, par exemple `time.perf_counter()`.",
        "`request.url_rule` est la route trouvée, ou `None` pour une adresse inconnue ; "
        "`request.url_rule.rule` en est le modèle, `/reviews/<sku>`.",
        "`DURATIONS.labels(method, route, status).observe(seconds)` compte et mesure à la fois. "
        "`finish` doit rendre la réponse qu’elle a reçue.",
    ),
)


@exercise.step("Une réponse de plus, un compte de plus", points=1)
def counts(harness: Harness) -> None:
    before = _read(harness)
    for _ in range(SEVERAL):
        harness.service.get("/reviews/LAMP")
    _expect_more(harness, before, ("GET", SHOW, "200"), SEVERAL, "GET /reviews/LAMP")


@exercise.step("Les refus et les pannes comptent aussi", points=1, after=counts)
def counts_failures(harness: Harness) -> None:
    for path, route, status in (
        ("/reviews/ABSENT", SHOW, "404"),
        ("/reviews/MUG/mean", MEAN, "500"),
    ):
        before = _read(harness)
        harness.service.get(path)
        _expect_more(harness, before, ("GET", route, status), 1, f"GET {path}")
    _expect_unknown_counted(harness)
    _expect_method_counted(harness)


def _expect_method_counted(harness: Harness) -> None:
    """A refused method has no route in Flask: under which one it counts is the learner's choice."""
    before = _read(harness)
    harness.service.post("/reviews/LAMP")
    grown = _grown(before, _read(harness))
    found = {(method, status): count for (method, _, status), count in grown.items()}
    said = ", ".join(f"method={m} status={s} : {n:+.0f}" for (m, s), n in found.items())
    expect(
        found == {("POST", "405"): 1},
        seen=f"POST /reviews/LAMP, que le service refuse, et dans « {NAME}_count » : "
        f"{said or 'rien de plus'}",
        expected="method=POST status=405 : +1",
        meaning="Un client qui se trompe de méthode ne se verrait nulle part.",
    )


def _expect_unknown_counted(harness: Harness) -> None:
    before = _read(harness)
    harness.service.get(f"/{harness.unique('nulle-part')}")
    grown = _grown(before, _read(harness))
    found = sum(count for labels, count in grown.items() if labels[2] == "404")
    expect(
        found == 1,
        seen=f"Une requête à une adresse inconnue, et {found:.0f} réponse 404 comptée.",
        expected="1 : le client a attendu, et il est reparti sans rien",
        meaning="Un lien cassé sur la page d’accueil ne se verrait nulle part.",
    )


@exercise.step("Une route, une série", points=1, after=counts)
def few_series(harness: Harness) -> None:
    _expect_few(harness, [f"/reviews/{harness.unique('SKU')}" for _ in range(40)], "articles")
    _expect_few(
        harness, [f"/{harness.unique('page')}" for _ in range(20)], "adresses qui n’existent pas"
    )


def _expect_few(harness: Harness, paths: list[str], what: str) -> None:
    before = _read(harness)
    for path in paths:
        harness.service.get(path)
    new = _read(harness).keys() - before.keys()
    example = ", ".join(sorted(route for _, route, _ in new)[:2])
    expect(
        len(new) <= 1,
        seen=f"{len(paths)} {what} demandés, {len(new)} séries de plus : {example}…",
        expected="une au plus : le modèle de la route, un seul nom pour les adresses inconnues",
        meaning="Prometheus garde chaque série en mémoire : un visiteur curieux suffit à la "
        "remplir.",
    )


@exercise.step("La durée, en secondes, dans un histogramme", points=1, after=counts)
def times(harness: Harness) -> None:
    took, grown = _time_a_report(harness, lambda: None)
    _expect_duration(took, grown)
    bounds = sorted(bound for bound in grown if isinstance(bound, float))
    expect(
        len(bounds) > 1,
        seen=f"« {NAME} » n’a pas de seaux (`_bucket`).",
        expected="un histogramme, qui dit combien de réponses ont pris au plus tant de secondes",
        meaning="D’une somme et d’un compte, on ne tire qu’une moyenne, jamais un p95.",
    )
    early = [bound for bound in bounds if bound < SLEEP and grown[bound]]
    expect(
        not early and grown[bounds[-1]] == 1,
        seen=f"/report prend au moins {SLEEP} s, et le seau « {early[0] if early else '+Inf'} » "
        "le compte autrement.",
        expected=f"des seaux en secondes, où /report n’est pas sous {SLEEP} s",
    )


@exercise.step("Des requêtes à la fois ne se mélangent pas", points=1, after=times)
def times_each(harness: Harness) -> None:
    for _ in range(5):
        meanwhile = _Visitor(harness)
        took, grown = _time_a_report(harness, meanwhile.start)
        meanwhile.stop()
        _expect_duration(took, grown, " pendant que d’autres requêtes arrivaient")
        if meanwhile.answered >= SEVERAL:
            break
    else:
        raise CannotCheck("Cette machine est trop occupée pour deux requêtes à la fois.")
    _expect_own_durations(harness)


def _expect_own_durations(harness: Harness) -> None:
    """Reports that start one after the other while others are made: each takes its whole time."""
    before = _report_series(harness)
    client = harness.shop[harness.service.name]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for _ in range(AT_ONCE):
            threads.submit(client.get, REPORT)
            time.sleep(SLEEP / AT_ONCE)  # the pace of these clients, nothing is waited for
    grown = {part: value - before.get(part, 0) for part, value in _report_series(harness).items()}
    least = AT_ONCE * (SLEEP - ROUNDING)
    expect(
        grown["count"] == AT_ONCE and grown["sum"] >= least,
        seen=f"{AT_ONCE} requêtes à /report, chacune partie pendant la précédente : "
        f"{grown['count']:.0f} comptées, {grown['sum']:.2f} s en tout.",
        expected=f"{AT_ONCE}, et au moins {least:.2f} s en tout : chacune prend {SLEEP} s",
        meaning="Plus il y a de clients, plus la page lente semblerait rapide.",
    )


class _Visitor:
    """Asks for a quick page again and again while /report is being made."""

    def __init__(self, harness: Harness) -> None:
        self.answered = 0
        self._client, self._over = harness.shop[harness.service.name], threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        harness.closing.callback(self.stop)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(5)

    def _run(self) -> None:
        from workbook.shop.client import ServiceUnreachable

        while not self._over.is_set():
            try:
                self._client.get("/reviews/LAMP")
            except ServiceUnreachable:
                return
            self.answered += 1


def _time_a_report(harness: Harness, meanwhile: Callable[[], None]) -> tuple[float, dict]:
    """Ask for /report; return the client's seconds, and what grew in its series."""
    before = _report_series(harness)
    start = time.monotonic()
    meanwhile()
    harness.service.get(REPORT)
    took = time.monotonic() - start
    after = _report_series(harness)
    return took, {part: value - before.get(part, 0) for part, value in after.items()}


def _report_series(harness: Harness) -> dict:
    """What /metrics says of the reports that were made."""
    return _read(harness).get(("GET", REPORT, "200"), {})


def _expect_duration(took: float, grown: dict, when: str = "") -> None:
    expect(
        grown.get("count") == 1,
        seen=f"Une requête à /report{when}, comptée {grown.get('count', 0):.0f} fois.",
        expected=f"une réponse de plus pour la route {REPORT}",
    )
    expect(
        SLEEP <= grown.get("sum", 0) <= took + LENIENCE,
        seen=f"/report a répondu en {took:.2f} s{when}, et la métrique a compté "
        f"{grown.get('sum', 0):.4g}.",
        expected=f"entre {SLEEP} et {took:.2f} : les secondes de cette requête-là",
        meaning="On chercherait la lenteur là où elle n’est pas.",
    )


# -- reading /metrics ------------------------------------------------------------------------------


def _read(harness: Harness) -> dict[tuple[str, str, str], dict]:
    """{(method, route, status): {"count": …, "sum": …, 0.005: …}}, as /metrics says now."""
    series: dict[tuple[str, str, str], dict] = {}
    response = harness.service.get("/metrics")
    _require_written(harness, response)
    for sample in _samples(response.text):
        labels = tuple(sample.labels.get(label) for label in LABELS)
        expect(
            None not in labels,
            seen=f"« {sample.name} » porte les étiquettes {', '.join(sample.labels) or 'aucune'}.",
            expected="method, route et status",
        )
        part = sample.name.removeprefix(NAME).removeprefix("_")
        if labels[1] != "/metrics" and part in ("count", "sum", "bucket"):
            key = float(sample.labels["le"]) if part == "bucket" else part
            series.setdefault(labels, {})[key] = sample.value
    return series


def _require_written(harness: Harness, response: Response) -> None:
    """Two stubs: the second hides the 501 of the first behind a 500 of its own."""
    if response.status_code != HTTPStatus.INTERNAL_SERVER_ERROR:
        return
    failure = harness.service.failure()
    if failure and failure.seen.startswith(NotImplementedError.__name__):
        raise NotAttempted("Les mesures du service « avis » restent à écrire.")


def _samples(text: str) -> list:
    try:
        families = list(text_string_to_metric_families(text))
    except ValueError as error:
        raise Incorrect(
            Finding(seen=f"/metrics ne se lit pas : {error}", expected="le format de Prometheus")
        ) from error
    return [s for f in families for s in f.samples if s.name.startswith(f"{NAME}_")]


def _grown(before: dict, after: dict) -> dict[tuple[str, str, str], float]:
    counts = {
        labels: parts.get("count", 0) - before.get(labels, {}).get("count", 0)
        for labels, parts in after.items()
    }
    return {labels: count for labels, count in counts.items() if count}


def _expect_more(
    harness: Harness, before: dict, labels: tuple[str, str, str], count: int, asked: str
) -> None:
    grown = _grown(before, _read(harness))
    said = "\n".join(
        f"method={m} route={r} status={s} : {n:+.0f}" for (m, r, s), n in grown.items()
    )
    expect(
        grown == {labels: count},
        seen=f"{count} × {asked}, et dans « {NAME}_count » : {said or 'rien de plus'}",
        expected="method={} route={} status={} : +{}".format(*labels, count),
        meaning="Une réponse qui ne compte pas ne se voit sur aucun tableau de bord.",
    )
