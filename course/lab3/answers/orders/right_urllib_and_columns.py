import json
import sqlite3
import threading
import uuid

from flask import Flask, jsonify, make_response, request

app = Flask(__name__)
verrou = threading.RLock()
base = sqlite3.connect("mes-commandes.db", check_same_thread=False, isolation_level=None)
base.execute("CREATE TABLE IF NOT EXISTS commandes (id INTEGER PRIMARY KEY, sku, quantity)")
COLONNES = ("id", "sku", "quantity")


class Refus(Exception):
    def __init__(self, statut, pourquoi):
        self.statut, self.pourquoi = statut, pourquoi


@app.errorhandler(Refus)
def refuse(refus):
    return make_response(jsonify(erreur=refus.pourquoi), refus.statut)


def lire(condition="", *valeurs):
    requete = f"SELECT {', '.join(COLONNES)} FROM commandes {condition}"
    with verrou:
        lignes = base.execute(requete, valeurs).fetchall()
    return [dict(zip(COLONNES, ligne)) for ligne in lignes]


@app.route("/orders", methods=["GET", "POST"])
def commandes():
    if request.method == "GET":
        return jsonify(orders=lire())
    corps = request.get_json(silent=True)
    if type(corps) is not dict:
        raise Refus(400, "un objet JSON, s’il vous plaît")
    sku, quantite = corps.get("sku"), corps.get("quantity")
    if type(sku) is not str or sku == "":
        raise Refus(400, "sku ?")
    if type(quantite) is not int or quantite <= 0:
        raise Refus(400, "quantity ?")
    with verrou:
        base.execute("INSERT INTO commandes (sku, quantity) VALUES (?, ?)", (sku, quantite))
        (prise,) = lire("WHERE id = last_insert_rowid()")
    return make_response(jsonify(prise), 201)


@app.get("/orders/<numero>")
def une_commande(numero):
    trouvees = lire("WHERE id = ?", int(numero)) if numero.isdigit() else []
    if not trouvees:
        raise Refus(404, "inconnue")
    return jsonify(trouvees[0])
