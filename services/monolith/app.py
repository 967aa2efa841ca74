"""The monolith: the whole shop in one process, with one database.

    POST /auth/login                   a token       GET /auth/.well-known/jwks.json   its key
    GET, PUT /users/me                 my profile    GET /users/<id>
    GET, POST /products                the catalogue
    GET, PUT, PATCH, DELETE /products/<sku>
    GET  /stock, /stock/<sku>          what is left
    POST /orders, GET /orders          place an order; mine
    GET  /orders/<id>, /orders/<id>/summary
    GET  /notifications?order_id=      the messages sent to me

The same public paths as the gateway's, so that a client cannot tell them apart; inside, the same
names as the services', but where they send requests and events, these modules call functions.
"""

from services.chassis import lifecycle
from services.monolith import (  # noqa: F401  importing a module adds its routes
    access,
    catalogue,
    notifications,
    orders,
    profiles,
    seeds,
    stock,
)
from services.monolith.application import app

__all__ = ["app"]

lifecycle.on_start(seeds.plant)
