import json

from flask import Blueprint, Flask, Response, request

app = Flask(__name__)
produits = Blueprint("produits", __name__, url_prefix="/products")

catalogue = {
    "LAMP": {"sku": "LAMP", "name": "Lampe de bureau", "price_cents": 3990},
    "MUG": {"sku": "MUG", "name": "Tasse", "price_cents": 990},
}


def en_json(contenu, status=200, mimetype="application/json"):
    texte = json.dumps(contenu, ensure_ascii=False, indent=2)
    return Response(texte.encode("utf-8"), status=status, mimetype=mimetype)


class Absent(LookupError):
    pass


@produits.app_errorhandler(Absent)
def absent(erreur):
    probleme = {"type": "about:blank", "title": "Article inconnu", "status": 404, "instance": request.path}
    return en_json(probleme, 404, "application/problem+json")


@produits.get("", strict_slashes=False)
def list_products():
    return en_json({"products": [*catalogue.values()]})


@produits.get("/<string:sku>")
def show_product(sku):
    try:
        return en_json(catalogue[sku])
    except KeyError:
        raise Absent(sku) from None


app.register_blueprint(produits)
