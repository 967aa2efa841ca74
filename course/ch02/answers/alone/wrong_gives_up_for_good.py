# feedback: puis il revient | aujourd’hui
import os

import requests
from flask import Flask, abort

AVIS = os.environ.get("AVIS_URL", "http://127.0.0.1:9")
ARTICLES = {
    "LAMP": {"name": "Lampe de bureau", "price_cents": 3990},
    "MUG": {"name": "Tasse", "price_cents": 990},
}
app = Flask(__name__)


@app.get("/fiches/<sku>")
def show(sku):
    article = ARTICLES.get(sku) or abort(404)
    return {**article, "reviews": reviews_of(sku)}


broken = set()


def reviews_of(sku):
    """Un voisin qui a échoué une fois échouera encore."""
    if "avis" in broken:
        return None
    try:
        answer = requests.get(f"{AVIS}/reviews/{sku}", timeout=0.5)
    except requests.ConnectionError:
        return None
    except requests.Timeout:
        broken.add("avis")
        return None
    if not answer.ok:
        broken.add("avis")
        return None
    return answer.json()["reviews"]
