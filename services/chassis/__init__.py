"""The microservice chassis: what every service needs, and no business rule.

    from services.chassis import create_service

    app = create_service("inventory")

Pattern: microservices.io, "Microservice chassis". Nothing here opens a socket, a file or a
thread when it is imported; the runner (`python -m services.chassis TARGET`) does, see server.py.
"""

from flask import Flask

from services.chassis import (
    deadline,
    faults,
    hosts,
    metrics,
    nesting,
    operations,
    prefixed,
    problems,
    serving,
    settings,
)
from services.chassis.faults import crash_point
from services.chassis.lifecycle import lifecycle
from services.chassis.problems import Problem

__all__ = ["Problem", "crash_point", "create_service", "instrument", "lifecycle"]

# What surrounds the hooks of every service: the first function is the outermost, it sees the
# request first. Flask runs the last two tuples from their end: serving sees the response last.
BEFORE = (serving.begin, metrics.begin, hosts.check, nesting.check, deadline.begin, faults.spoil)
AFTER = (serving.finish, metrics.finish, prefixed.finish)
TEARDOWN = (serving.end, metrics.end, deadline.end)


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
    """Give a Flask application, ours or a learner's, what every service needs; only once."""
    if "chassis" in app.extensions:
        return app
    app.extensions["chassis"] = lifecycle
    app.json.ensure_ascii = False
    problems.init_app(app)
    operations.init_app(app)
    # In front of the hooks that the application already has, hence not app.before_request().
    app.before_request_funcs[None][:0] = BEFORE
    app.after_request_funcs[None][:0] = AFTER
    app.teardown_request_funcs[None][:0] = TEARDOWN
    return app
