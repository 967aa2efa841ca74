"""Where RabbitMQ's own pages are, and how to sign in: what a learner opens beside the map."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from workbook.shop.client import Link

if TYPE_CHECKING:
    from workbook.broker import Broker

KEPT_ELSEWHERE = "celui de votre RabbitMQ (dans .env ou dans RABBITMQ_URL)"


class BrokerPages:
    """A link to the management pages, shown in a notebook with a user and a password.

    Its port and its password are this run's: kept in a notebook, they open nothing any more.
    """

    def __init__(self, broker: Broker) -> None:
        self.link = Link(broker.pages(), "/")
        self.user, self.password = broker.user, broker.password or KEPT_ELSEWHERE
        self.vhost = broker.vhost

    def __repr__(self) -> str:
        return (
            f"{self.link!r} : utilisateur {self.user}, mot de passe {self.password}, "
            f"hôte virtuel {self.vhost}"
        )

    def _repr_html_(self) -> str:
        user, password, vhost = (
            f"<code>{escape(word)}</code>" for word in (self.user, self.password, self.vhost)
        )
        return (
            f"Les pages de RabbitMQ : {self.link._repr_html_()}<br>"
            f"Utilisateur : {user}, mot de passe : {password}. Les files de la boutique sont dans "
            f"l’hôte virtuel {vhost}."
        )
