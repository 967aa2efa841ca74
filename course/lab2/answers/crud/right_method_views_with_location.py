from copy import deepcopy
from threading import Lock

from flask import Flask, abort, jsonify, request, url_for
from flask.views import MethodView

app = Flask(__name__)


class Depot:
    def __init__(self):
        self._articles, self._verrou = {}, Lock()

    def tous(self):
        with self._verrou:
            return deepcopy(list(self._articles.values()))

    def un(self, sku):
        with self._verrou:
            return deepcopy(self._articles.get(sku))

    def ajouter(self, article):
        with self._verrou:
            return self._articles.setdefault(article["sku"], article) is article

    def poser(self, sku, article):
        with self._verrou:
            nouveau = sku not in self._articles
            self._articles[sku] = article
            return nouveau

    def retirer(self, sku):
        with self._verrou:
            self._articles.pop(sku, None)


depot = Depot()


def cree(article):
    reponse = jsonify(article)
    reponse.status_code = 201
    reponse.headers["Location"] = url_for("article", sku=article["sku"])
    return reponse


class Collection(MethodView):
    def get(self):
        return {"products": depot.tous()}

    def post(self):
        article = dict(request.get_json())
        if not depot.ajouter(article):
            abort(409, f"Le SKU {article['sku']} est pris.")
        return cree(article)


class Element(MethodView):
    def get(self, sku):
        return depot.un(sku) or abort(404)

    def put(self, sku):
        article = dict(request.get_json()) | {"sku": sku}
        return cree(article) if depot.poser(sku, article) else article

    def delete(self, sku):
        depot.retirer(sku)
        return app.response_class(status=204)


app.add_url_rule("/products", view_func=Collection.as_view("collection"))
app.add_url_rule("/products/<sku>", view_func=Element.as_view("article"))
