import http.client
import json
import os
import sqlite3
import threading
import urllib.error
import urllib.parse
import urllib.request
import uuid

from flask import Flask, jsonify, make_response, request

app = Flask(__name__)
verrou = threading.RLock()
base = sqlite3.connect("mes-commandes.db", check_same_thread=False, isolation_level=None)
base.execute(
    "CREATE TABLE IF NOT EXISTS commandes_v2 (id INTEGER PRIMARY KEY, sku, quantity,"
    " unit_price_cents, total_cents, cle UNIQUE)"
)
COLONNES = ("id", "sku", "quantity", "unit_price_cents", "total_cents")


class Refus(Exception):
    def __init__(self, statut, pourquoi):
        self.statut, self.pourquoi = statut, pourquoi


@app.errorhandler(Refus)
def refuse(refus):
    return make_response(jsonify(erreur=refus.pourquoi), refus.statut)


def lire(condition="", *valeurs):
    requete = f"SELECT {', '.join(COLONNES)} FROM commandes_v2 {condition}"
    with verrou:
        lignes = base.execute(requete, valeurs).fetchall()
    return [dict(zip(COLONNES, ligne)) for ligne in lignes]


def adresse():
    if "PRODUCTS_URL" in os.environ:
        return os.environ["PRODUCTS_URL"]
    with urllib.request.urlopen(os.environ["REGISTRY_URL"] + "/instances/products", timeout=2) as r:
        return json.load(r)["instances"][0]["url"]


def prix(sku):
    demande = adresse() + "/products/" + urllib.parse.quote(sku, safe="")
    try:
        with urllib.request.urlopen(demande, timeout=1) as reponse:
            if reponse.status != 200:
                raise Refus(502, "Products répond un statut étrange")
            corps = reponse.read()
    except urllib.error.HTTPError as erreur:
        raise Refus({404: 422, 503: 503, 504: 504}.get(erreur.code, 502), "Products refuse")
    except urllib.error.URLError as erreur:
        muet = isinstance(erreur.reason, TimeoutError)
        raise Refus(504 if muet else 503, "Products ne répond pas")
    except TimeoutError:
        raise Refus(504, "Products est muet")
    except (http.client.HTTPException, OSError):
        raise Refus(502, "Products a raccroché")
    try:
        produit = json.loads(corps)
    except ValueError:
        raise Refus(502, "Products dit n’importe quoi")
    if not isinstance(produit, dict) or produit.get("sku") != sku:
        raise Refus(502, "Products parle d’autre chose")
    centimes = produit.get("price_cents")
    if isinstance(centimes, bool) or not isinstance(centimes, int) or centimes < 0:
        raise Refus(502, "Products ne dit pas le prix")
    return centimes


@app.route("/orders", methods=["GET", "POST"])
def commandes():
    if request.method == "GET":
        return jsonify(orders=lire())
    cle = request.headers.get("Idempotency-Key")
    deja = lire("WHERE cle = ?", cle) if cle else []
    if deja:
        return make_response(jsonify(deja[0]), 201)
    corps = request.get_json(silent=True)
    if type(corps) is not dict:
        raise Refus(400, "un objet JSON, s’il vous plaît")
    sku, quantite = corps.get("sku"), corps.get("quantity")
    if type(sku) is not str or sku == "":
        raise Refus(400, "sku ?")
    if type(quantite) is not int or quantite <= 0:
        raise Refus(400, "quantity ?")
    unitaire = prix(sku)
    valeurs = (sku, quantite, unitaire, unitaire * quantite, cle)
    with verrou:
        try:
            base.execute("INSERT INTO commandes_v2 VALUES (NULL, ?, ?, ?, ?, ?)", valeurs)
            (prise,) = lire("WHERE id = last_insert_rowid()")
        except sqlite3.IntegrityError:
            (prise,) = lire("WHERE cle = ?", cle)
    return make_response(jsonify(prise), 201)


@app.get("/orders/<numero>")
def une_commande(numero):
    trouvees = lire("WHERE id = ?", int(numero)) if numero.isdigit() else []
    if not trouvees:
        raise Refus(404, "inconnue")
    return jsonify(trouvees[0])
