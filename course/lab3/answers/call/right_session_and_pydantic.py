import itertools
import json
import os
import threading

import requests
from flask import Flask, Response, request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

app = Flask(__name__)
REGISTRE = "ventes.jsonl"
plume = threading.Lock()
session = requests.Session()
session.trust_env = False


class Demande(BaseModel):
    model_config = ConfigDict(strict=True)
    sku: str = Field(min_length=1)
    quantity: int = Field(gt=0)


class Ventes:
    """Un journal où l’on ajoute une ligne par vente ; la mémoire en est la copie."""

    def __init__(self):
        self.par_id = {}
        try:
            texte = open(REGISTRE, encoding="utf-8").read()
        except FileNotFoundError:
            texte = ""
        for ligne in texte.splitlines():
            self._retenir(json.loads(ligne))
        self.numeros = itertools.count(len(self.par_id) + 1)

    def _retenir(self, ligne):
        self.par_id[ligne["id"]] = ligne

    def ajouter(self, **vente):
        with plume:
            vente = {"id": f"V{next(self.numeros)}", **vente}
            ligne = vente
            with open(REGISTRE, "a", encoding="utf-8") as registre:
                registre.write(json.dumps(ligne) + "\n")
            self._retenir(ligne)
            return vente


ventes = Ventes()


def reponse(statut, corps):
    return Response(json.dumps(corps), statut, mimetype="application/json")


def products():
    if os.environ.get("PRODUCTS_URL"):
        return os.environ["PRODUCTS_URL"]
    liste = session.get(os.environ["REGISTRY_URL"] + "/instances/products", timeout=1).json()
    return liste["instances"][0]["url"]


def prix(sku):
    return session.get(products() + "/products/" + sku, timeout=1).json()["price_cents"]


@app.post("/orders")
def vendre():
    try:
        demande = Demande.model_validate_json(request.get_data())
    except ValidationError as fautes:
        return reponse(422, {"fautes": fautes.error_count()})
    centimes = prix(demande.sku)
    vente = ventes.ajouter(
        **demande.model_dump(), unit_price_cents=centimes, total_cents=centimes * demande.quantity
    )
    return reponse(201, vente)


@app.get("/orders")
def toutes():
    return reponse(200, {"orders": list(ventes.par_id.values())})


@app.get("/orders/<id>")
def une(id):
    return reponse(200, ventes.par_id[id]) if id in ventes.par_id else reponse(404, {})
