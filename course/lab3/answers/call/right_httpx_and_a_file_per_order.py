import hashlib
import json
import os
import uuid
from http import HTTPStatus
from pathlib import Path

import httpx
from flask import Blueprint, Flask, abort, request

guichet = Blueprint("guichet", __name__)
DOSSIER = Path("commandes")
DOSSIER.mkdir(exist_ok=True)


def fiche(nom):
    return DOSSIER / (hashlib.sha256(nom.encode()).hexdigest() + ".json")


def lire(chemin):
    return json.loads(chemin.read_text("utf-8"))


def ranger(commande, nom):
    """Écrit à côté, puis donne son nom d’un seul coup ; rend celle qui le porte."""
    brouillon = DOSSIER / f"{uuid.uuid4().hex}.tmp"
    brouillon.write_text(json.dumps(commande), "utf-8")
    try:
        os.link(brouillon, fiche(nom))
    except FileExistsError:
        return lire(fiche(nom))
    finally:
        brouillon.unlink(missing_ok=True)
    return commande


def toutes():
    return [lire(chemin) for chemin in sorted(DOSSIER.glob("*.json"))]


def products():
    try:
        return os.environ["PRODUCTS_URL"]
    except KeyError:
        registre = httpx.get(os.environ["REGISTRY_URL"] + "/instances/products", timeout=2)
        return registre.json()["instances"][0]["url"]


def demander(sku):
    return httpx.get(f"{products()}/products/{sku}", timeout=3).json()["price_cents"]


@guichet.get("/")
def liste():
    return {"orders": toutes()}


@guichet.get("/<numero>")
def une(numero):
    for commande in toutes():
        if commande["id"] == numero:
            return commande
    abort(404)


@guichet.post("/")
def prendre():
    match request.get_json(silent=True):
        case {"sku": str(sku), "quantity": int(nombre)} if sku and nombre >= 1:
            if isinstance(nombre, bool):
                abort(422)
        case _:
            abort(422)
    commande = {"id": uuid.uuid4().hex, "sku": sku, "quantity": nombre}
    prix = demander(sku)
    commande.update(unit_price_cents=prix, total_cents=nombre * prix)
    return ranger(commande, commande["id"]), 201


app = Flask(__name__)
app.url_map.strict_slashes = False
app.register_blueprint(guichet, url_prefix="/orders")


