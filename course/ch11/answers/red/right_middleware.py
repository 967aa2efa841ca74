# a WSGI middleware: it sees every answer from outside Flask, and finds the route by itself.
import time

from flask import Flask, Response, abort
from prometheus_client import CollectorRegistry, Histogram, generate_latest

app = Flask(__name__)
registry = CollectorRegistry()
reviews = {"LAMP": [5, 4], "MUG": []}
DURATIONS = Histogram(
    "http_request_duration_seconds",
    "Durée.",
    ["method", "route", "status"],
    buckets=(0.01, 0.1, 0.5, 1),
    registry=registry,
)


class Measured:
    def __init__(self, inner):
        self.inner = inner

    def __call__(self, environ, start_response):
        began, told = time.monotonic(), []

        def start(status, headers, *rest):
            told.append(status.split()[0])
            return start_response(status, headers, *rest)

        answer = self.inner(environ, start)
        labels = (environ["REQUEST_METHOD"], route_of(environ), told[0])
        DURATIONS.labels(*labels).observe(time.monotonic() - began)
        return answer


def route_of(environ):
    try:
        return app.url_map.bind_to_environ(environ).match(return_rule=True)[0].rule
    except Exception:
        return "aucune"


app.wsgi_app = Measured(app.wsgi_app)


@app.get("/reviews/<sku>")
def show_reviews(sku):
    return {"reviews": reviews[sku]} if sku in reviews else abort(404)


@app.get("/reviews/<sku>/mean")
def show_mean(sku):
    return {"mean": sum(reviews[sku]) / len(reviews[sku])}


@app.get("/report")
def show_report():
    time.sleep(0.2)
    return {"skus": len(reviews)}


@app.get("/metrics")
def show_metrics():
    return Response(generate_latest(registry), content_type="text/plain; version=0.0.4")
