"""The incidents of the wheel: where each may be, how it shows, what relieves and repairs it.

Each comes from the public account of an outage, or from a flaw found in a public reference
system: `source` says only what `link` tells.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from course.lab5 import programs
from course.lab5.customers import CATALOGUE, DEBIT, MAIL, REFUSAL, SALE
from course.lab5.stage import EXCHANGE, MAIL_QUEUE
from workbook.errors import WorkbookError
from workbook.incident.tape import Asked
from workbook.telemetry.spans import has_failed
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from course.lab5.stage import Stage

Spans = list[dict]
LOGS, METRICS, TRACES, MAP = "journaux", "métriques", "traces", "carte"
BUYING = (SALE, REFUSAL)
MONEY = "l’argent est juste"
MIGRATION, PARTNER = "migration", "partenaire"


@dataclass(frozen=True)
class Place:
    """Where an incident is: the service at fault, and the edge of the map that shows it."""

    service: str
    edge: tuple[str, str]


@dataclass(frozen=True)
class Incident:
    """One incident. `levels` are its intensities, in the unit that its program says.

    `plant(stage, place, level)` starts it; `planted(stage, place)` says whether it is still there,
    by looking at the shop; `cited(spans, place)` whether a trace shows it. `breaks` are the
    promises it breaks, any of which is a good first word; `scars` the invariants that orders taken
    meanwhile may break for ever; `victim` whom the storm kills, if not the service at fault.
    """

    name: str
    title: str
    source: str
    link: str
    places: tuple[Place, ...]
    levels: tuple[float, ...]
    breaks: tuple[str, ...]
    signals: tuple[tuple[str, str], ...]
    relief: str
    repair: str
    plant: Callable[[Stage, Place, float], None]
    planted: Callable[[Stage, Place], bool]
    cited: Callable[[Spans, Place], bool]
    scars: tuple[str, ...] = ()
    victim: str = ""

    @property
    def cause(self) -> str:
        """Its key among the causes to choose from."""
        return self.name


# -- where to look ---------------------------------------------------------------------------------


def _deployed(stage: Stage, place: Place) -> bool:
    return stage.releases.runs_new(place.service)


def _fails_at(spans: Spans, place: Place) -> bool:
    """Whether the trace has a failure of the service at fault, or on its edge."""
    return any(has_failed(span) and _is_of(span, place) for span in spans)


def _is_of(span: dict, place: Place) -> bool:
    if span["service"] == place.service and span["span_kind"] == "server":
        return True
    peer = span.get("attributes", {}).get("peer.service")
    return (span["service"], peer) == place.edge


def _answered(spans: Spans, service: str, *statuses: int) -> bool:
    """Whether this service answered one of these statuses in the trace."""
    found = [span for span in spans if (span["service"], span["span_kind"]) == (service, "server")]
    return any(s.get("attributes", {}).get("http.response.status_code") in statuses for s in found)


def _kinds(spans: Spans) -> set[tuple[str, str]]:
    return {(span["service"], span["span_kind"]) for span in spans}


def _program(source: str) -> Callable[[Stage, Place, float], None]:
    """Plant by deploying this release at the place, while no customer is inside."""

    def plant(stage: Stage, place: Place, level: float) -> None:
        with stage.at_night():
            stage.releases.deploy(place.service, source.replace("{level}", str(level)))

    return plant


def _says_nothing(spans: Spans, place: Place) -> bool:
    """Whether an order was confirmed in this trace, and nobody published a word of it."""
    return _answered(spans, "orders", 201) and ("orders", "producer") not in _kinds(spans)


def _unread(spans: Spans, place: Place) -> bool:
    """Whether an order was published in this trace, and nobody read it."""
    kinds = _kinds(spans)
    return ("orders", "producer") in kinds and ("notifications", "consumer") not in kinds


def _read_badly(spans: Spans, place: Place) -> bool:
    """Whether its reader failed on the message of this trace."""
    return any(
        (span["service"], span["span_kind"]) == ("notifications", "consumer") and has_failed(span)
        for span in spans
    )


def _refused_without_undoing(spans: Spans, place: Place) -> bool:
    """Whether a card was refused in this trace, and the articles never put back."""
    undone = any(
        span.get("attributes", {}).get("http.request.method") == "DELETE" for span in spans
    )
    return _answered(spans, "payments", 402) and not undone


def _suspended(spans: Spans, place: Place) -> bool:
    """Whether a call on the edge failed without leaving: the callee has no segment."""
    source, target = place.edge
    failed = any(
        has_failed(span)
        and (span["service"], span.get("attributes", {}).get("peer.service")) == (source, target)
        for span in spans
    )
    return failed and (target, "server") not in _kinds(spans)


def _sold(spans: Spans, place: Place) -> bool:
    """Whether an order was priced by the catalogue and confirmed in this trace."""
    return _answered(spans, "orders", 201) and ("products", "server") in _kinds(spans)


# -- a release with a fault ------------------------------------------------------------------------


def _plant_instance(stage: Stage, place: Place, level: float) -> None:
    with stage.at_night():
        stage.releases.deploy(place.service, programs.SICK_INSTANCE)
        stage.shop.scale(place.service, int(level))


INSTANCE = Incident(
    name="instance",
    title="La recrue malade",
    source="Online Boutique, de Google : la sonde de santé de checkoutservice répond toujours "
    "SERVING.",
    link="https://github.com/GoogleCloudPlatform/microservices-demo/blob/main/src/"
    "checkoutservice/main.go",
    places=(
        Place("inventory", ("orders", "inventory")),
        Place("payments", ("orders", "payments")),
        Place("products", ("orders", "products")),
    ),
    levels=(2,),
    breaks=(SALE, REFUSAL, CATALOGUE),
    signals=(
        (TRACES, "dans une trace en échec, le segment rouge est toujours de la même instance"),
        (LOGS, "une seule instance du service écrit des erreurs"),
    ),
    relief="couper l’instance malade : les autres suffisent",
    repair="revenir à la version d’avant, puis remettre autant d’instances",
    plant=_plant_instance,
    planted=_deployed,
    cited=_fails_at,
)


RELAY = Incident(
    name="relais",
    title="Le courrier reste au bureau",
    source="eShop, de Microsoft : l’outbox n’a pas de relais qui relise ce qui n’est pas parti "
    "(eShopOnContainers, no 174, 279, 1340).",
    link="https://github.com/dotnet-architecture/eShopOnContainers/issues/1340",
    places=(Place("orders", ("orders", "shop.events")),),
    levels=(1,),
    breaks=(MAIL,),
    signals=(
        (METRICS, "outbox_pending_events monte chez orders, les files restent vides"),
        (TRACES, "la trace d’une commande s’arrête chez orders : aucun segment ne publie"),
    ),
    relief="revenir à la version d’avant : le relais publie ce qui attendait",
    repair="la même ; rien n’était perdu, tout était écrit dans l’outbox",
    plant=_program(programs.NO_RELAY),
    planted=_deployed,
    cited=_says_nothing,
)


DESK = Incident(
    name="guichet",
    title="Un seul guichet",
    source="Slack, 4 janvier 2021 : les processus web attendent un réseau lent ; le processeur est "
    "au repos, et l’automate retire des instances quand il en faudrait plus.",
    link="https://slack.engineering/slacks-outage-on-january-4th-2021/",
    places=(
        Place("products", ("orders", "products")),
        Place("inventory", ("orders", "inventory")),
    ),
    levels=(0.4, 0.5),
    breaks=(SALE, REFUSAL, CATALOGUE),
    signals=(
        (TRACES, "l’appelant attend bien plus longtemps que l’appelé ne travaille"),
        (MAP, "le p95 de l’arête monte, puis les appels échouent par dépassement du délai"),
    ),
    relief="ajouter des instances : chacune est un guichet de plus",
    repair="revenir à la version d’avant, qui sert plusieurs requêtes à la fois",
    plant=_program(programs.ONE_DESK),
    planted=_deployed,
    cited=_fails_at,
)


QUOTA = Incident(
    name="quota",
    title="Le quota presque nul",
    source="Google, 14 décembre 2020 : le quota de la base des comptes est réduit par erreur, et "
    "presque toute demande authentifiée échoue. Ici, c’est un quota d’appels.",
    link="https://status.cloud.google.com/incident/zall/20013",
    places=(Place("gateway", ("client", "gateway")),),
    levels=(0.3, 0.6),
    breaks=(CATALOGUE, SALE, REFUSAL),
    signals=(
        (METRICS, "la passerelle compte des 429, et les services reçoivent moins d’appels"),
        (MAP, "les arêtes derrière la passerelle se vident"),
    ),
    relief="revenir à la version d’avant de la passerelle",
    repair="la même",
    plant=_program(programs.TIGHT_QUOTA),
    planted=_deployed,
    cited=lambda spans, place: _answered(spans, place.service, 429),
)


def _plant_key(stage: Stage, place: Place, level: float) -> None:
    rotate = Asked("auth", "POST", "/keys/rotate", None, {}, "admin", False, "")
    with stage.at_night():
        stage.shop.customer("auth", "admin")(rotate)
        stage.releases.deploy(place.service, programs.HIDDEN_KEY)
        stage.crowd.sign_in()


KEY = Incident(
    name="clé",
    title="La clé retirée trop tôt",
    source="Azure Active Directory, 15 mars 2021 (LN01-P8Z) : une clé encore en usage est retirée "
    "des clés publiées, et les jetons qu’elle signe sont refusés.",
    link="https://www.bleepingcomputer.com/news/microsoft/"
    "microsoft-explains-the-cause-of-yesterdays-massive-service-outage/",
    places=(Place("auth", ("gateway", "auth")),),
    levels=(1,),
    breaks=BUYING,
    signals=(
        (TRACES, "la passerelle redemande les clés à auth, puis répond 401"),
        (METRICS, "des 401 à la passerelle ; le catalogue, public, va bien"),
    ),
    relief="revenir à la version d’avant d’auth, et relancer la passerelle, qui attend avant de "
    "redemander les clés",
    repair="la même",
    plant=_plant_key,
    planted=_deployed,
    cited=lambda spans, place: _answered(spans, "gateway", 401),
)


def _plant_poison(stage: Stage, place: Place, level: float) -> None:
    with stage.at_night():
        stage.releases.deploy(place.service, programs.NEVER_GIVES_UP)
        for _ in range(int(level)):
            stage.publish("order.confirmed", str(uuid.uuid4()), {"order_id": "illisible"})


POISON = Incident(
    name="poison",
    title="La lettre illisible",
    source="aks-store-demo, de Microsoft : avec RabbitMQ, makeline-service rejette un message "
    "illisible, qu’aucune file des lettres mortes ne recueille. Ici, il le réessaie sans fin.",
    link="https://github.com/Azure-Samples/aks-store-demo/blob/main/src/makeline-service/"
    "consumer.go",
    places=(Place("notifications", (MAIL_QUEUE, "notifications")),),
    levels=(1,),
    breaks=(MAIL,),
    signals=(
        (MAP, "la file notifications.orders s’allonge, son lecteur est pourtant là"),
        (LOGS, "notifications écrit la même erreur, sans cesse, pour le même message"),
    ),
    relief="un second lecteur (scale) prend les messages suivants",
    repair="revenir à la version d’avant : après quelques essais, le message va aux lettres mortes",
    plant=_plant_poison,
    planted=_deployed,
    cited=_unread,
)

ACK = Incident(
    name="acquittement",
    title="Lu, donc oublié",
    source="eShop, de Microsoft : RabbitMQEventBus acquitte le message même quand le traitement a "
    "échoué.",
    link="https://github.com/dotnet/eShop/blob/main/src/EventBusRabbitMQ/RabbitMQEventBus.cs",
    places=(Place("notifications", (MAIL_QUEUE, "notifications")),),
    levels=(2, 3),
    breaks=(MAIL,),
    signals=(
        (LOGS, "une erreur par message perdu chez notifications ; la file, elle, reste vide"),
        (TRACES, "le segment du lecteur est rouge, et il n’y en a pas de second"),
    ),
    relief="revenir à la version d’avant : les prochains courriels partent",
    repair="puis republier les événements du jour (replay) : qui les a déjà traités les reconnaît",
    plant=_program(programs.FORGETS_FAILURES),
    planted=_deployed,
    cited=_read_badly,
)


def _plant_binding(stage: Stage, place: Place, level: float) -> None:
    bound = {"queue": MAIL_QUEUE, "exchange": EXCHANGE, "routing_key": "order.confirmed"}
    with stage.at_night():
        stage.closing.callback(stage.ask_the_broker, "queue_bind", **bound)
        stage.ask_the_broker("queue_unbind", **bound)


def _unbound(stage: Stage, place: Place) -> bool:
    bound = {
        (binding["destination"], binding["routing_key"])
        for binding in stage.shop.broker.topology()["bindings"]
        if binding["source"] == EXCHANGE
    }
    return (MAIL_QUEUE, "order.confirmed") not in bound


BINDING = Incident(
    name="liaison",
    title="La file débranchée",
    source="Robot Shop : payment publie sans savoir si une file est liée. Tant que dispatch n’a "
    "pas démarré, il n’y en a aucune, et le message disparaît sans bruit.",
    link="https://github.com/instana/robot-shop/blob/master/payment/rabbitmq.py",
    places=(Place("notifications", (EXCHANGE, MAIL_QUEUE)),),
    levels=(1,),
    breaks=(MAIL,),
    signals=(
        (TRACES, "le segment qui publie order.confirmed est rouge : aucune file ne l’attend"),
        (METRICS, "outbox_pending_events monte chez orders, et la file reste vide"),
        (MAP, "la liaison de shop.events vers la file n’a plus la clé order.confirmed"),
    ),
    relief="relancer notifications, qui déclare ses liaisons en démarrant",
    repair="la même ; l’outbox avait gardé les événements",
    plant=_plant_binding,
    planted=_unbound,
    cited=_unread,
)

CONTRACT = Incident(
    name="contrat",
    title="Le champ renommé",
    source="CrowdStrike, 19 juillet 2024 (Channel File 291) : un contenu se sert d’un 21e champ, "
    "son lecteur n’en a que 20, et la vérification d’avant l’envoi l’a laissé passer.",
    link="https://www.crowdstrike.com/wp-content/uploads/2024/08/"
    "Channel-File-291-Incident-Root-Cause-Analysis-08.06.2024.pdf",
    places=(Place("products", ("orders", "products")),),
    levels=(1,),
    breaks=BUYING,
    signals=(
        (TRACES, "products répond 200, et orders répond 502 juste après"),
        (LOGS, "aucune erreur chez products ; la page du catalogue, elle, s’affiche"),
    ),
    relief="revenir à la version d’avant de products",
    repair="la même",
    plant=_program(programs.OTHER_FIELD),
    planted=_deployed,
    cited=lambda spans, place: _answered(spans, "orders", 502),
)

DISGUISE = Incident(
    name="déguisement",
    title="Le client a toujours tort",
    source="ProductServiceClient, du cours de Siva Prasad Reddy : une panne du catalogue devient "
    "« code produit invalide », en 400.",
    link="https://github.com/sivaprasadreddy/spring-boot-microservices-course/blob/main/"
    "order-service/src/main/java/com/sivalabs/bookstore/orders/clients/catalog/"
    "ProductServiceClient.java",
    places=(Place("orders", ("orders", "products")),),
    levels=(0.0005, 0.001),
    breaks=BUYING,
    signals=(
        (METRICS, "orders répond des 422, que personne ne compte comme des erreurs"),
        (TRACES, "l’appel de orders est rouge après une milliseconde ; products, lui, travaille"),
    ),
    relief="revenir à la version d’avant de orders",
    repair="la même",
    plant=_program(programs.BLAMES_THE_CUSTOMER),
    planted=_deployed,
    cited=lambda spans, place: _answered(spans, "orders", 422),
)


def _plant_leak(stage: Stage, place: Place, level: float) -> None:
    with stage.at_night():
        stage.fill_shelf("BOOK", int(level))
        stage.releases.deploy(place.service, programs.KEEPS_WHAT_WAS_RESERVED)


LEAK = Incident(
    name="compensation",
    title="Les livres fantômes",
    source="Online Boutique, de Google : PlaceOrder débite la carte ; si l’expédition échoue "
    "ensuite, il rend une erreur, et ne rembourse pas.",
    link="https://github.com/GoogleCloudPlatform/microservices-demo/blob/main/src/"
    "checkoutservice/main.go",
    places=(Place("orders", ("orders", "inventory")),),
    levels=(1_500, 2_500),
    breaks=BUYING,
    signals=(
        (METRICS, "GET /stock/BOOK : presque tout est réservé, presque rien n’est vendu"),
        (TRACES, "dans la trace d’une carte refusée, personne n’envoie de DELETE à inventory"),
    ),
    relief="revenir à la version d’avant de orders, et libérer les réservations des commandes "
    "refusées",
    repair="la même, jusqu’à la dernière réservation : DELETE /reservations/<commande>",
    plant=_plant_leak,
    planted=_deployed,
    cited=_refused_without_undoing,
)


def _plant_migration(stage: Stage, place: Place, level: float) -> None:
    file = stage.shop.env(place.service)["DATABASE_URL"].removeprefix("sqlite:///")
    stage.run_beside(MIGRATION, programs.MIGRATION.replace("{file!r}", repr(file)))


def _migrating(stage: Stage, place: Place) -> bool:
    service = stage.shop.services.get(MIGRATION)
    return service is not None and bool(service.running)


LOCK = Incident(
    name="verrou",
    title="La migration de midi",
    source="GoCardless, 2015 : une migration attend un verrou, et les appels de l’API attendent "
    "derrière elle une quinzaine de secondes. Ici, elle a le verrou, et le garde.",
    link="https://gocardless.com/blog/zero-downtime-postgres-migrations-the-hard-parts/",
    places=(
        Place("inventory", ("orders", "inventory")),
        Place("payments", ("orders", "payments")),
    ),
    levels=(1,),
    breaks=BUYING,
    signals=(
        (MAP, "un programme qui n’est pas de la boutique tourne à côté d’elle"),
        (LOGS, "le service dit que sa base ne répond pas ; les lectures, elles, passent"),
    ),
    relief="couper le programme qui tient le verrou",
    repair="la même : les commandes en attente finissent seules",
    plant=_plant_migration,
    planted=_migrating,
    cited=_fails_at,
)


def _plant_breaker(stage: Stage, place: Place, level: float) -> None:
    with stage.at_night():
        stage.releases.deploy(place.service, programs.LONG_BREAK.replace("{level}", str(level)))
    source, target = place.edge
    stage.shop.kill(target)
    opened = until(lambda: stage.shop.telemetry.breaker(source, target) == "open", patient(30))
    stage.shop.restart(target)
    if not opened:
        raise WorkbookError("L’incident n’a pas pu commencer : relancez cette cellule.")


BREAKER = Incident(
    name="disjoncteur",
    title="La cause est partie, la panne reste",
    source="Slack, 22 février 2022 : le cache se vide, la base est surchargée, et ne peut plus le "
    "remplir. La cause arrêtée, la panne reste : elle se nourrit d’elle-même.",
    link="https://slack.engineering/slacks-incident-on-2-22-22/",
    places=(
        Place("orders", ("orders", "payments")),
        Place("orders", ("orders", "inventory")),
    ),
    levels=(3600, 7200),
    breaks=BUYING,
    signals=(
        (MAP, "le disjoncteur de l’arête est ouvert, et le service appelé ne reçoit plus rien"),
        (LOGS, "« appel suspendu », alors que le service appelé répond"),
    ),
    relief="relancer orders : son disjoncteur renaît fermé",
    repair="revenir à la version d’avant : sinon, la prochaine mort dure encore une heure",
    plant=_plant_breaker,
    planted=_deployed,
    cited=_suspended,
    victim="callee",
)


def _plant_price(stage: Stage, place: Place, level: float) -> None:
    right = stage.ledgers.prices["LAMP"]
    write = stage.shop.customer("products", "admin")

    def price(cents: int) -> None:
        body = {"price_cents": cents}
        write(Asked("products", "PATCH", "/products/LAMP", body, {}, "admin", False, ""))

    stage.closing.callback(price, right)
    price(round(right / level))


def _mispriced(stage: Stage, place: Place) -> bool:
    answer = stage.shop["products"].get("/products/LAMP")
    return not answer.ok or answer.json()["price_cents"] != stage.ledgers.prices["LAMP"]


PRICE = Incident(
    name="prix",
    title="La lampe à quarante centimes",
    source="RepricerExpress, 12 décembre 2014 : pendant une heure, des articles se vendent un "
    "penny sur Amazon, parce qu’un logiciel a écrit de faux prix.",
    link="https://www.channel4.com/news/amazon-glitch-repricerexpress-friday-online-retailers",
    places=(Place("products", ("orders", "products")),),
    levels=(100, 10),
    breaks=(DEBIT,),
    signals=(
        (LOGS, "total_cents, dans les lignes « Commande créée. » de orders, a chuté"),
        (TRACES, "tout est vert : un prix faux n’est pas une erreur"),
    ),
    relief="remettre le prix de la veille, par PATCH /products/LAMP",
    repair="la même ; les ventes déjà faites sont à la charge de la boutique",
    plant=_plant_price,
    planted=_mispriced,
    cited=_sold,
    scars=(MONEY,),
)


def _plant_export(stage: Stage, place: Place, level: float) -> None:
    with stage.at_night():
        stage.releases.deploy(place.service, programs.HEAVY_LIST.replace("{level}", str(level)))
    stage.run_beside(PARTNER, programs.EXPORT)


EXPORT = Incident(
    name="export",
    title="L’export du vendredi",
    source="Stack Exchange, 20 juillet 2016 : la page d’accueil, demandée sans cesse, devient trop "
    "lourde à produire, et tous les serveurs web sont retirés.",
    link="https://stackstatus.tumblr.com/post/147710624694/outage-postmortem-july-20-2016",
    places=(Place("orders", ("gateway", "orders")),),
    levels=(1.5, 1.8),
    breaks=BUYING,
    signals=(
        (METRICS, "GET /orders prend toutes les places : sa durée, multipliée par son débit"),
        (TRACES, "une commande refusée par la passerelle : « Trop d’appels à orders »"),
    ),
    relief="fermer la route GET /orders à la passerelle (disable)",
    repair="revenir à la version d’avant de orders, puis rouvrir la route (enable)",
    plant=_plant_export,
    planted=_deployed,
    cited=_fails_at,
)

INCIDENTS = {
    incident.name: incident
    for incident in (
        INSTANCE,
        RELAY,
        DESK,
        QUOTA,
        KEY,
        POISON,
        ACK,
        BINDING,
        CONTRACT,
        DISGUISE,
        LEAK,
        LOCK,
        BREAKER,
        PRICE,
        EXPORT,
    )
}
