# no library: the counts in a dictionary under a lock, and the text format written by hand.
import threading
import time
from collections import defaultdict

from flask import Flask, Response, abort, request, request_finished, request_started

app = Flask(__name__)
reviews = {"LAMP": [5, 4], "MUG": []}
BOUNDS = (0.05, 0.1, 0.5, 1.0, float("inf"))
lock = threading.Lock()
counts, sums = defaultdict(lambda: [0] * len(BOUNDS)), defaultdict(float)
NAME = "http_request_duration_seconds"


@request_started.connect_via(app)
def begin(sender, **extra):
    request.environ["began"] = time.perf_counter()


@request_finished.connect_via(app)
def finish(sender, response, **extra):
    seconds = time.perf_counter() - request.environ["began"]
    route = request.url_rule.rule if request.url_rule else "*"
    key = f'method="{request.method}",route="{route}",status="{response.status_code}"'
    with lock:
        sums[key] += seconds
        for n, bound in enumerate(BOUNDS):
            counts[key][n] += seconds <= bound


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
    lines = [f"# TYPE {NAME} histogram"]
    with lock:
        for key, row in counts.items():
            for bound, count in zip(BOUNDS, row):
                le = "+Inf" if bound == float("inf") else bound
                lines.append(f'{NAME}_bucket{{{key},le="{le}"}} {count}')
            lines.append(f"{NAME}_count{{{key}}} {row[-1]}")
            lines.append(f"{NAME}_sum{{{key}}} {sums[key]}")
    return Response("\n".join(lines) + "\n", content_type="text/plain")
