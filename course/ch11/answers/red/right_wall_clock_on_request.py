# the start is kept on the request itself, in wall-clock time; labels by name.
import time

from flask import Flask, Response, abort, g, request
from prometheus_client import CONTENT_TYPE_LATEST, Histogram, generate_latest

app = Flask(__name__)
reviews = {"LAMP": [5, 4], "MUG": []}
DURATIONS = Histogram("http_request_duration_seconds", "Durée.", ["method", "route", "status"])


@app.before_request
def begin():
    request.began = time.time()


@app.after_request
def finish(response):
    rule = getattr(request.url_rule, "rule", "/404")
    labels = {"status": str(response.status_code), "route": rule, "method": request.method}
    DURATIONS.labels(**labels).observe(time.time() - request.began)
    return response


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
