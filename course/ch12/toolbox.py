"""The twenty tools of the module's table, each beside what this course made by hand.

`file` is the real configuration or code that stands in this repository, where there is one;
tests/test_toolbox.py opens each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook import show
from workbook.checks.chapter import chapter_name

if TYPE_CHECKING:
    from workbook.tables import Table

CONTAINERS, GATEWAY, MESH = "Conteneurisation", "API Gateway", "Service Mesh"
DATABASES, MESSAGING = "Base de données", "Messaging"
MONITORING, TRACING = "Monitoring", "Tracing"


@dataclass(frozen=True)
class Tool:
    """A tool, the need it answers, what we did for it by hand, in which chapter, and our file."""

    category: str
    name: str
    does: str
    by_hand: str
    chapter: str
    file: str = ""


TOOLS = (
    Tool(
        CONTAINERS,
        "Docker",
        "emballe un service et ses dépendances",
        "un processus par service",
        "ch01",
        "deploy/Dockerfile",
    ),
    Tool(
        CONTAINERS,
        "Kubernetes",
        "lance, copie, relance, remplace",
        "shop.scale, kill, restart ; un annuaire et ses battements",
        "ch04",
    ),
    Tool(
        GATEWAY,
        "Kong",
        "routes, jetons et limites, en déclarations",
        "le seau à jetons, les en-têtes effacés",
        "ch03",
        "services/gateway/routes.toml",
    ),
    Tool(GATEWAY, "AWS API Gateway", "la même, louée", "la passerelle, toute entière", "ch03"),
    Tool(
        GATEWAY,
        "Zuul",
        "la même, en filtres Java",
        "transformer et agréger des réponses",
        "ch03",
        "services/gateway/aggregation.py",
    ),
    Tool(
        MESH,
        "Istio",
        "délais, réessais, disjoncteurs, hors du code",
        "les mêmes, dans le code de chaque appel",
        "ch06",
        "services/chassis/calls.py",
    ),
    Tool(
        MESH,
        "Linkerd",
        "le même maillage, plus léger",
        "réessais, budget, gigue",
        "ch05",
        "services/chassis/retry.py",
    ),
    Tool(
        MESH,
        "Consul Connect",
        "annuaire, et identité de chaque service",
        "l’annuaire, et une clé par service appelé",
        "ch04",
        "services/chassis/credential.py",
    ),
    Tool(
        DATABASES,
        "PostgreSQL",
        "transactions, plusieurs écrivains",
        "une base par service, SQLite ; DATABASE_URL la remplace",
        "ch08",
        "services/chassis/database.py",
    ),
    Tool(
        DATABASES,
        "MongoDB",
        "des documents, sans jointure",
        "la copie locale, à la place d’une jointure",
        "ch08",
    ),
    Tool(
        DATABASES,
        "Redis",
        "des clés en mémoire, qui expirent",
        "clés d’idempotence, baux, compteurs",
        "ch05",
        "services/chassis/lease.py",
    ),
    Tool(
        MESSAGING,
        "RabbitMQ",
        "files, liaisons, acquittements",
        "rien : c’est lui, le vrai",
        "ch07",
        "docker-compose.yml",
    ),
    Tool(
        MESSAGING,
        "Apache Kafka",
        "un journal que l’on relit",
        "la boîte d’envoi, qui est un petit journal",
        "ch08",
        "services/chassis/outbox.py",
    ),
    Tool(
        MESSAGING,
        "AWS SQS",
        "des files, louées",
        "le lecteur idempotent, nécessaire là aussi",
        "ch07",
        "services/chassis/inbox.py",
    ),
    Tool(
        MONITORING,
        "Prometheus",
        "relève et garde les mesures",
        "débit, erreurs et durées, à /metrics",
        "ch11",
        "services/chassis/metrics.py",
    ),
    Tool(
        MONITORING,
        "Grafana",
        "des courbes et des alertes",
        "distributions et barres, dessinées sur place",
        "ch11",
        "workbook/show.py",
    ),
    Tool(
        MONITORING,
        "ELK Stack",
        "rassemble et cherche les journaux",
        "une ligne JSON par événement, cherchée par son identifiant",
        "ch11",
        "services/chassis/logs.py",
    ),
    Tool(
        TRACING,
        "Jaeger",
        "rassemble et montre les traces",
        "la cascade, la séquence, la carte",
        "ch11",
        "services/chassis/telemetry.py",
    ),
    Tool(TRACING, "Zipkin", "le même, plus ancien", "le contexte passé dans les messages", "ch11"),
    Tool(TRACING, "AWS X-Ray", "le même, loué", "trouver qui ralentit, par une trace", "ch11"),
)


def toolbox() -> Table:
    """One row a tool."""
    head = ("Catégorie", "Outil", "Ce qu’il fait", "À la main, ici", "Où le lire")
    rows = [
        (
            tool.category,
            tool.name,
            tool.does,
            tool.by_hand,
            ", ".join(filter(None, [chapter_name(tool.chapter).lower(), tool.file])),
        )
        for tool in TOOLS
    ]
    return show.table(head, rows, caption="Les vingt outils du module", left=5)
