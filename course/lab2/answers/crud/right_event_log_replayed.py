from threading import RLock
from typing import NamedTuple

from flask import Blueprint, Flask, Response, abort, request

app = Flask(__name__)
bp = Blueprint("products", __name__, url_prefix="/products")


class Fait(NamedTuple):
    sku: str
    article: dict | None  # None : supprimé


journal: list[Fait] = []
verrou = RLock()


def rejouer():
    etat = {}
    for fait in journal:
        if fait.article is None:
            etat.pop(fait.sku, None)
        else:
            etat[fait.sku] = fait.article
    return etat


@bp.get("")
def lister():
    with verrou:
        return {"products": sorted(rejouer().values(), key=lambda a: a["sku"])}


@bp.get("/<sku>")
def montrer(sku):
    with verrou:
        article = rejouer().get(sku)
    return (article, 200) if article is not None else ({"error": "inconnu"}, 404)


@bp.post("")
def ajouter():
    article = request.get_json(force=True)
    with verrou:
        if article["sku"] in rejouer():
            abort(409)
        journal.append(Fait(article["sku"], article))
    return article, 201


@bp.put("/<sku>")
def remplacer(sku):
    article = request.get_json(force=True)
    article["sku"] = sku
    with verrou:
        connu = sku in rejouer()
        journal.append(Fait(sku, article))
    return article, (200 if connu else 201)


@bp.delete("/<sku>")
def supprimer(sku):
    with verrou:
        journal.append(Fait(sku, None))
    return Response(status=204)


app.register_blueprint(bp)
