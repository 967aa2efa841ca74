# counts when the request is torn down; the after hook only keeps the status.
import time

from flask import Flask, Response, abort, g, request
from prometheus_client import CONTENT_TYPE_LATEST, Histogram, generate_latest

app = Flask(__name__)
reviews = {"LAMP": [5, 4], "MUG": []}
DURATIONS = Histogram("http_request_duration_seconds", "Durée.", ["method", "route", "status"])


@app.before_request
def begin():
    g.began = time.perf_counter()


@app.after_request
def finish(response):
    g.status = response.status_code
    return response


@app.teardown_request
def count(error):
    route = request.url_rule.rule if request.url_rule else "inconnue"
    seconds = time.perf_counter() - g.began
    DURATIONS.labels(request.method, route, g.get("status", 500)).observe(seconds)


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
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
