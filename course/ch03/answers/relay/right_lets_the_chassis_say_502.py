import os

import requests
from flask import Flask, request

app = Flask(__name__)


def till():
    found = requests.get(f"{os.environ['REGISTRY_URL']}/instances/till", timeout=2).json()
    return found["instances"][0]["url"] + "/sales"


@app.get("/sales")
def read():
    for last in (False, True):
        try:
            answer = requests.get(till(), timeout=2)
        except requests.RequestException:
            if last:
                raise
        else:
            return answer.json(), answer.status_code


@app.post("/sales")
def sell():
    answer = requests.post(till(), json=request.get_json(), timeout=2)
    return answer.json(), answer.status_code
