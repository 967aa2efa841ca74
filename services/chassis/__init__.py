"""The microservice chassis: what every service needs, and no business rule.

    from services.chassis import create_service

    app = create_service("inventory")

Pattern: microservices.io, "Microservice chassis". Nothing here opens a socket, a file or a
thread when it is imported; the runner (`python -m services.chassis TARGET`) does, see server.py.
"""

from flask import Flask

from services.chassis import deadline, faults, metrics, operations, problems, serving, settings
from services.chassis.faults import crash_point
from services.chassis.lifecycle import lifecycle
from services.chassis.problems import Problem

__all__ = ["Problem", "crash_point", "create_service", "instrument"]


def create_service(name, *, openapi=False, **options):
    """Make the Flask application of the service called `name`.

    With `openapi=True` it is a flask_openapi3.OpenAPI, which serves its OpenAPI 3.1 description
    at /openapi/openapi.json; `options` (title, version, tags …) go to it.
    """
    settings.default_name(name)
    if openapi:
        from services.chassis.openapi import create_openapi

        return instrument(create_openapi(name, **options))
    return instrument(Flask(name, **options))


def instrument(app):
    """Give a Flask application, ours or a learner's, what every service needs."""
    if "chassis" in app.extensions:
        return app
    app.extensions["chassis"] = lifecycle
    app.on_start, app.on_stop = lifecycle.on_start, lifecycle.on_stop
    app.every, app.readiness = lifecycle.every, lifecycle.readiness
    app.json.ensure_ascii = False
    for aspect in (problems, faults, deadline, metrics, serving, operations):
        aspect.install(app)
    return app
