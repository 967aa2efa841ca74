import itertools
import json
import os
import threading
from contextlib import contextmanager
from functools import wraps
from typing import Annotated
from uuid import uuid4

import requests
from flask import Flask, Response, request
from flask import g
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

app = Flask(__name__)
REGISTRE = "ventes-et-cles.jsonl"
plume = threading.Lock()
session = requests.Session()
session.trust_env = False


class Demande(BaseModel):
    model_config = ConfigDict(strict=True)
    sku: str = Field(min_length=1)
    quantity: int = Field(gt=0)


class Produit(BaseModel):
    model_config = ConfigDict(strict=True)
    sku: str
    price_cents: int = Field(ge=0)


Identifiant = TypeAdapter(Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")])


class Ventes:
    """Un journal où l’on ajoute une ligne par vente ; la mémoire en est la copie."""

    def __init__(self):
        self.par_id = {}
        self.par_cle = {}
        try:
            texte = open(REGISTRE, encoding="utf-8").read()
        except FileNotFoundError:
            texte = ""
        for ligne in texte.splitlines():
            self._retenir(json.loads(ligne))
        self.numeros = itertools.count(len(self.par_id) + 1)

    def _retenir(self, ligne):
        vente, cle = ligne
        self.par_id[vente["id"]] = vente
        if cle:
            self.par_cle[cle] = vente

    def ajouter(self, cle, **vente):
        with plume:
            vente = {"id": f"V{next(self.numeros)}", **vente}
            ligne = [vente, cle]
            with open(REGISTRE, "a", encoding="utf-8") as registre:
                registre.write(json.dumps(ligne) + "\n")
            self._retenir(ligne)
            return vente


class Verrous:
    """Un verrou par clé : qui vient second attend."""

    def __init__(self):
        self.pris, self.libre = set(), threading.Condition()

    @contextmanager
    def tenir(self, cle):
        with self.libre:
            self.libre.wait_for(lambda: cle is None or cle not in self.pris)
            self.pris.add(cle)
        try:
            yield
        finally:
            with self.libre:
                self.pris.discard(cle)
                self.libre.notify_all()


verrous = Verrous()
ventes = Ventes()


def reponse(statut, corps):
    return Response(json.dumps(corps), statut, mimetype="application/json")


def products():
    if os.environ.get("PRODUCTS_URL"):
        return os.environ["PRODUCTS_URL"]
    liste = session.get(os.environ["REGISTRY_URL"] + "/instances/products", timeout=1).json()
    return liste["instances"][0]["url"]


def prix(sku):
    """Le statut à rendre, et le prix."""
    try:
        adresse = products() + "/products/" + sku
        dit = session.get(adresse, timeout=(1, 1), headers={"X-Request-Id": g.id})
    except requests.exceptions.Timeout:
        return 504, None
    except requests.exceptions.ConnectionError as erreur:
        return (504 if "timed out" in str(erreur) else 503), None
    except requests.exceptions.RequestException:
        return 502, None
    if dit.status_code == 404:
        return 422, None
    if dit.status_code in (503, 504):
        return dit.status_code, None
    if dit.status_code != 200:
        return 502, None
    try:
        produit = Produit.model_validate_json(dit.content)
    except ValidationError:
        return 502, None
    return (201, produit.price_cents) if produit.sku == sku else (502, None)


@app.before_request
def ouvrir():
    try:
        g.id = Identifiant.validate_python(request.headers.get("X-Request-Id"))
    except ValidationError:
        g.id = f"req-{uuid4()}"


def journalise(vue):
    @wraps(vue)
    def autour():
        rendu = vue()
        evenement = "order.created" if rendu.status_code == 201 else "order.refused"
        ligne = {"event": evenement, "request_id": g.id, "status": rendu.status_code}
        ligne["order_id"] = rendu.get_json().get("id")
        app.logger.warning(json.dumps(ligne))
        rendu.headers["X-Request-Id"] = g.id
        return rendu

    return autour


@app.post("/orders")
@journalise
def vendre():
    cle = request.headers.get("Idempotency-Key")
    with verrous.tenir(cle):
        if cle in ventes.par_cle:
            return reponse(201, ventes.par_cle[cle])
        return vendre_sous(cle)


def vendre_sous(cle):
    try:
        demande = Demande.model_validate_json(request.get_data())
    except ValidationError as fautes:
        return reponse(422, {"fautes": fautes.error_count()})
    statut, centimes = prix(demande.sku)
    if statut != 201:
        return reponse(statut, {"produit": demande.sku})
    total = centimes * demande.quantity
    vente = ventes.ajouter(cle, **demande.model_dump(), unit_price_cents=centimes, total_cents=total)
    return reponse(201, vente)


@app.get("/orders")
def toutes():
    return reponse(200, {"orders": list(ventes.par_id.values())})


@app.get("/orders/<id>")
def une(id):
    return reponse(200, ventes.par_id[id]) if id in ventes.par_id else reponse(404, {})
