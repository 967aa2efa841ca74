import json

from flask import Flask, Response, make_response

app = Flask(__name__)
app.json.ensure_ascii = False
catalogue = {
    "LAMP": {"sku": "LAMP", "name": "Lampe de bureau", "price_cents": 3990},
    "MUG": {"sku": "MUG", "name": "Tasse", "price_cents": 990},
    "THÉIÈRE": {"sku": "THÉIÈRE", "name": "Théière en fonte", "price_cents": 5450},
}


def morceaux():
    yield '{"products": ['
    virgule = ""
    for article in catalogue.values():
        yield virgule + json.dumps(article)
        virgule = ", "
    yield "]}\n"


@app.route("/products", methods=["GET"], defaults={"sku": None})
@app.route("/products/<sku>", methods=["GET"])
def products(sku):
    match catalogue.get(sku):
        case None if sku is None:
            return Response(morceaux(), content_type="application/json; charset=utf-8")
        case None:
            return make_response({"error": f"article inconnu : {sku}"}, 404)
        case article:
            return article
