import json
from dataclasses import asdict, dataclass, fields
from threading import Lock

from flask import Flask, Response, abort, request
from flask.views import MethodView

app = Flask(__name__)
catalogue: dict[str, "Article"] = {}
verrou = Lock()


class Fautes(Exception):
    def __init__(self, fautes):
        self.fautes = fautes


@app.errorhandler(Fautes)
def refuser(e):
    probleme = {
        "type": "about:blank",
        "title": "Article refusé",
        "status": 422,
        "invalid-params": [{"name": champ, "reason": raison} for champ, raison in e.fautes],
    }
    return Response(json.dumps(probleme), 422, content_type="application/problem+json")


@dataclass
class Article:
    sku: str
    name: str
    price_cents: int

    def __post_init__(self):
        fautes = []
        for champ in fields(self):
            valeur = getattr(self, champ.name)
            if type(valeur) is not champ.type:
                fautes.append((champ.name, f"{champ.type.__name__} attendu"))
            elif valeur == "":
                fautes.append((champ.name, "texte vide"))
            elif champ.type is int and valeur < 0:
                fautes.append((champ.name, "négatif"))
        if fautes:
            raise Fautes(fautes)


def valid_product():
    corps = request.get_json(force=True, silent=True)
    if type(corps) is not dict:
        raise Fautes([(champ.name, "le corps doit être un objet JSON") for champ in fields(Article)])
    return Article(*(corps.get(champ.name) for champ in fields(Article)))


class Collection(MethodView):
    def get(self):
        with verrou:
            return {"products": [asdict(a) for a in catalogue.values()]}

    def post(self):
        article = valid_product()
        with verrou:
            if catalogue.setdefault(article.sku, article) is not article:
                abort(409)
        return asdict(article), 201


class Element(MethodView):
    def get(self, sku):
        with verrou:
            return asdict(catalogue[sku]) if sku in catalogue else abort(404)

    def put(self, sku):
        article = valid_product()
        article.sku = sku
        with verrou:
            status = 200 if sku in catalogue else 201
            catalogue[sku] = article
        return asdict(article), status

    def delete(self, sku):
        with verrou:
            catalogue.pop(sku, None)
        return "", 204


app.add_url_rule("/products", view_func=Collection.as_view("collection"))
app.add_url_rule("/products/<sku>", view_func=Element.as_view("element"))
