import itertools
import json
import threading

from flask import Flask, Response, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

app = Flask(__name__)
REGISTRE = "ventes.jsonl"
plume = threading.Lock()


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


@app.post("/orders")
def vendre():
    try:
        demande = Demande.model_validate_json(request.get_data())
    except ValidationError as fautes:
        return reponse(422, {"fautes": fautes.error_count()})
    return reponse(201, ventes.ajouter(**demande.model_dump()))


@app.get("/orders")
def toutes():
    return reponse(200, {"orders": list(ventes.par_id.values())})


@app.get("/orders/<id>")
def une(id):
    return reponse(200, ventes.par_id[id]) if id in ventes.par_id else reponse(404, {})
