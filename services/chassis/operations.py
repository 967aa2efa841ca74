"""The probes: a small application beside the service's own, for those who operate it.

It answers before the service's own hooks, so that a rate limit or a missing token never makes a
healthy service look sick, and its requests leave neither span nor log. Where the service defines
one of these paths itself, the service's own wins; only the faults are always ours to end.
"""

from flask import Flask

from services.chassis import faults, health, hosts, metrics, nesting, problems

PATHS = ("/health/live", "/health/ready", "/metrics", faults.PATH)


def init_app(app):
    """Put the probes in front of `app`."""
    app.wsgi_app = Probes(app, app.wsgi_app)


class Probes:
    """WSGI middleware that sends the probes' paths to their own application."""

    def __init__(self, app, inner):
        self.app, self.inner = app, inner
        self.probes = create_probes()

    def __call__(self, environ, start_response):
        path = environ.get("PATH_INFO", "")
        if path == faults.PATH or (path in PATHS and not self._has_its_own(path)):
            return self.probes(environ, start_response)
        return self.inner(environ, start_response)

    def _has_its_own(self, path):
        return any(rule.rule == path for rule in self.app.url_map.iter_rules())


def create_probes():
    probes = Flask("probes")
    probes.json.ensure_ascii = False
    problems.init_app(probes)
    probes.before_request_funcs[None][:0] = (hosts.check, nesting.check)
    for blueprint in (health.blueprint, metrics.blueprint, faults.blueprint):
        probes.register_blueprint(blueprint)
    return probes
