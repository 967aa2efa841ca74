"""Graphs as `Shop.graph` makes them: the cases every picture must survive."""

from __future__ import annotations

import random

import networkx as nx

LABELS = {
    "gateway": "Passerelle",
    "auth": "Authentification",
    "users": "Clients",
    "products": "Catalogue",
    "orders": "Commandes",
    "inventory": "Stock",
    "payments": "Paiements",
    "notifications": "Notifications",
    "registry": "Annuaire",
    "monolith": "Monolithe",
}
SHOP = tuple(LABELS)[:8]
CALLS = [
    ("client", "gateway", 128, 0.061),
    ("gateway", "auth", 41, 0.009),
    ("gateway", "users", 22, 0.012),
    ("gateway", "products", 52, 0.014),
    ("gateway", "orders", 9.4, 0.21),
    ("gateway", "inventory", 4, 0.008),
    ("orders", "products", 9.4, 0.013),
    ("orders", "inventory", 9.4, 0.018),
    ("orders", "payments", 9.1, 0.038),
]


def empty(*services: str, client: bool = True, health: str = "idle") -> nx.DiGraph:
    """Nodes only: nothing was observed yet."""
    graph = nx.DiGraph(title="La boutique — carte en direct", time=1_790_000_000)
    if client:
        graph.add_node("client", kind="client", name="client", label="Clients", health="ok")
    for name in services:
        kind = "gateway" if name == "gateway" else "service"
        graph.add_node(
            name,
            kind=kind,
            name=name,
            label=LABELS.get(name, name),
            health=health,
            database=name not in ("gateway", "registry") and name in LABELS,
            instances=1,
        )
    return graph


def add_exchange(graph: nx.DiGraph, name: str, rate: float = 0) -> str:
    node = f"exchange:{name}"
    graph.add_node(
        node, kind="exchange", name=name, label=name, exchange_type="topic", health="ok", rate=rate
    )
    return node


def add_queue(
    graph: nx.DiGraph, name: str, depth: int = 0, consumers: int = 1, *, dead: bool = False
) -> str:
    node = f"queue:{name}"
    graph.add_node(
        node,
        kind="queue",
        name=name,
        label=name,
        depth=depth,
        consumers=consumers,
        dead_letter=dead,
        health="ok",
    )
    return node


def add_consumer(graph: nx.DiGraph, service: str, key: str, rate: float = 9) -> None:
    """A queue of `shop.events` with its dead-letter queue, read by a service."""
    queue = add_queue(graph, f"{service}.orders", depth=3)
    dead = add_queue(graph, f"{service}.orders.dead", consumers=0, dead=True)
    graph.add_edge("exchange:shop.events", queue, kind="binding", routing_key=key, rate=rate)
    graph.add_edge(queue, service, kind="consume", rate=rate)
    graph.add_edge(queue, dead, kind="dead_letter", rate=0)


def starting() -> nx.DiGraph:
    """The whole shop, its queues declared, no request yet."""
    graph = empty(*SHOP)
    add_exchange(graph, "shop.events")
    add_consumer(graph, "notifications", "order.confirmed,order.rejected", rate=0)
    return graph


def healthy() -> nx.DiGraph:
    """Everything works: 128 requests a second."""
    graph = starting()
    graph.graph.update(total_rate=128, total_error_rate=0.0, queued=3)
    for source, target, rate, p95 in CALLS:
        graph.add_edge(
            source, target, kind="http", rate=rate, error_rate=0.0, p95=p95, breaker="closed"
        )
        if target in graph:
            graph.nodes[target].update(health="ok", rate=rate, error_rate=0.0, p95=p95)
    for service, keys in {
        "orders": ["order.created", "order.confirmed", "order.rejected"],
        "payments": ["payment.processed"],
        "notifications": ["email.sent"],
    }.items():
        graph.add_edge(service, "exchange:shop.events", kind="publish", routing_key=keys, rate=9.4)
        graph.nodes[service].update(health="ok", rate=9.4, p95=0.02, error_rate=0.0)
    graph.nodes["exchange:shop.events"]["rate"] = 27
    graph.edges["exchange:shop.events", "queue:notifications.orders"]["rate"] = 9.4
    graph.edges["queue:notifications.orders", "notifications"]["rate"] = 9.4
    return graph


def payments_killed() -> nx.DiGraph:
    """Payments died, orders opened its breaker."""
    graph = healthy()
    graph.graph.update(total_rate=106, total_error_rate=0.02)
    graph.nodes["payments"].update(health="down", reason="ne répond plus (kill -9)", rate=0)
    graph.nodes["orders"].update(health="warn", error_rate=0.24, p95=0.095)
    graph.nodes["gateway"].update(health="warn", error_rate=0.02)
    graph.nodes["users"].update(instances=3)
    graph.edges["orders", "payments"].update(rate=0, breaker="open")
    graph.edges["gateway", "orders"].update(error_rate=0.24, breaker="half_open")
    graph.edges["payments", "exchange:shop.events"]["rate"] = 0
    return graph


def dead_letters() -> nx.DiGraph:
    """The queue fills up and poison messages are set aside."""
    graph = healthy()
    graph.graph.update(queued=91)
    graph.nodes["queue:notifications.orders"].update(depth=87, health="warn")
    graph.nodes["queue:notifications.orders.dead"].update(depth=4)
    graph.nodes["notifications"].update(health="warn", reason="5 rejets par minute")
    graph.edges["queue:notifications.orders", "queue:notifications.orders.dead"]["rate"] = 0.4
    return graph


def choreography() -> nx.DiGraph:
    """Orders, inventory, payments and notifications only talk through the broker."""
    graph = empty(*LABELS)
    add_exchange(graph, "shop.events", rate=40)
    for source, target, rate, p95 in CALLS[:6]:
        graph.add_edge(source, target, kind="http", rate=rate, error_rate=0, p95=p95)
        graph.nodes[target].update(health="ok", rate=rate, p95=p95)
    for service, key in {
        "orders": "stock.*,payment.*",
        "inventory": "order.created",
        "payments": "stock.reserved",
        "notifications": "order.#",
    }.items():
        add_consumer(graph, service, key)
        graph.nodes[service].update(health="ok", rate=9, p95=0.03)
    graph.add_edge("orders", "products", kind="http", rate=9, error_rate=0, p95=0.012)
    for service, key in {
        "orders": "order.created,order.confirmed,order.cancelled,order.rejected",
        "inventory": "stock.reserved,stock.released",
        "payments": "payment.processed",
    }.items():
        graph.add_edge(service, "exchange:shop.events", kind="publish", routing_key=key, rate=9)
    graph.graph.update(total_rate=128, total_error_rate=0.0, queued=12)
    return graph


def dead_exchange() -> nx.DiGraph:
    """The exchange that carries dead letters is on the map as well."""
    graph = dead_letters()
    exchange = add_exchange(graph, "shop.dead", rate=0.4)
    queue, dead = "queue:notifications.orders", "queue:notifications.orders.dead"
    graph.remove_edge(queue, dead)
    graph.add_edge(queue, exchange, kind="dead_letter", rate=0.4)
    graph.add_edge(exchange, dead, kind="binding", routing_key="#", rate=0.4)
    return graph


def first_chapter() -> nx.DiGraph:
    """A client, two services."""
    graph = empty("gateway", "products")
    graph.add_edge("client", "gateway", kind="http", rate=2, error_rate=0, p95=0.02)
    graph.add_edge("gateway", "products", kind="http", rate=2, error_rate=0, p95=0.008)
    for name in ("gateway", "products"):
        graph.nodes[name].update(health="ok", rate=2, p95=0.02)
    graph.graph.update(total_rate=2, total_error_rate=0)
    return graph


def learner_queue() -> nx.DiGraph:
    """Only the broker, a queue of the learner's and a consumer."""
    graph = empty(client=False)
    graph.add_node("exchange:", kind="exchange", name="", label="", exchange_type="direct")
    queue = add_queue(graph, "essai", depth=12, consumers=0)
    graph.add_edge("exchange:", queue, kind="binding", routing_key="essai", rate=3)
    graph.graph.update(queued=12)
    return graph


def direct_dead_letter() -> nx.DiGraph:
    """A dead-letter queue linked without an exchange, and the learner's worker."""
    graph = empty("consommateur", "producteur", client=False, health="ok")
    exchange = add_exchange(graph, "shop.events", rate=2)
    queue = add_queue(graph, "lab.orders", depth=2)
    dead = add_queue(graph, "lab.orders.dead", depth=3, consumers=0, dead=True)
    graph.add_edge("producteur", exchange, kind="publish", routing_key="order.confirmed", rate=2)
    graph.add_edge(exchange, queue, kind="binding", routing_key="order.*", rate=2)
    graph.add_edge(queue, "consommateur", kind="consume", rate=2)
    graph.add_edge(queue, dead, kind="dead_letter", rate=0.2)
    return graph


def long_names() -> nx.DiGraph:
    """Names nobody should choose, and somebody will."""
    graph = healthy()
    graph.nodes["users"].update(
        label="Service de gestion des profils clients", name="customer-profile-management-service"
    )
    graph.nodes["auth"].update(
        health="down",
        reason="arrêté par le système : plus de mémoire disponible sur la machine (code 137)",
    )
    queue = add_queue(graph, "customer-profile-management.every-order-event-of-the-shop")
    graph.add_edge("exchange:shop.events", queue, kind="binding", routing_key="a.b,c.d,e.f,g.h,i.j")
    graph.add_edge(queue, "users", kind="consume")
    return graph


def monolith() -> nx.DiGraph:
    """The shop in one process beside the services, and a database two of them share."""
    graph = empty("gateway", "orders", "products", "monolith", health="ok")
    graph.add_node("shop.db", kind="database", name="shop.db", label="shop.db")
    graph.add_edge("client", "gateway", kind="http", rate=5, p95=0.02)
    graph.add_edge("client", "monolith", kind="http", rate=5, p95=0.02)
    for name in ("orders", "products"):
        graph.add_edge("gateway", name, kind="http", rate=5, p95=0.01)
        graph.add_edge(name, "shop.db", kind="http", rate=5, p95=0.001)
    graph.add_edge("products", "orders", kind="http", rate=1, p95=0.01)
    graph.add_edge("orders", "products", kind="http", rate=1, p95=0.01)
    return graph


def broker_down() -> nx.DiGraph:
    """RabbitMQ itself was killed."""
    graph = healthy()
    for _, node in graph.nodes(data=True):
        if node["kind"] in ("exchange", "queue"):
            node.update(health="down", reason="RabbitMQ est arrêté", rate=0)
    return graph


def large(count: int, seed: int = 1) -> nx.DiGraph:
    """A gateway, services that call deeper ones, an exchange and a tenth of queues."""
    rng = random.Random(seed)
    names = [f"service{i}" for i in range(count - 2 - count // 10)]
    graph = empty("gateway", *names, client=False, health="ok")
    for i, name in enumerate(names):
        callers = ["gateway", *names[:i]][: 1 + i // 2]
        for caller in rng.sample(callers, k=min(len(callers), 1 + (i % 3 == 0))):
            graph.add_edge(caller, name, kind="http", rate=rng.randint(1, 60), p95=0.02)
        graph.nodes[name].update(rate=rng.randint(1, 60), p95=0.02, database=i % 2 == 0)
    exchange = add_exchange(graph, "shop.events", rate=8)
    graph.add_edge(names[0], exchange, kind="publish", routing_key="order.created", rate=8)
    for i in range(count // 10):
        queue = add_queue(graph, f"queue{i}.orders")
        graph.add_edge(exchange, queue, kind="binding", routing_key="order.*", rate=8)
        graph.add_edge(queue, names[-1 - i], kind="consume", rate=8)
    return graph


CASES = {
    "starting": starting,
    "healthy": healthy,
    "payments_killed": payments_killed,
    "dead_letters": dead_letters,
    "dead_exchange": dead_exchange,
    "choreography": choreography,
    "first_chapter": first_chapter,
    "learner_queue": learner_queue,
    "direct_dead_letter": direct_dead_letter,
    "long_names": long_names,
    "monolith": monolith,
    "broker_down": broker_down,
    "thirty": lambda: large(30),
}
