import hashlib
import json
import os
import tempfile
import threading
from pathlib import Path

from flask import Flask, abort, jsonify, request

app = Flask(__name__)
_dossier = tempfile.TemporaryDirectory(prefix="products-")
DOSSIER = Path(_dossier.name)
verrou = threading.Lock()


def fiche(sku: str) -> Path:
    return DOSSIER / (hashlib.sha256(sku.encode("utf-8", "surrogatepass")).hexdigest() + ".json")


@app.get("/products")
def list_products():
    with verrou:
        return jsonify(products=[json.loads(f.read_text("utf-8")) for f in DOSSIER.glob("*.json")])


@app.route("/products", methods=["POST"])
def add_product():
    article = request.json
    with verrou:
        try:
            with open(fiche(article["sku"]), "x", encoding="utf-8") as f:
                json.dump(article, f)
        except FileExistsError:
            abort(409)
    return jsonify(article), 201


@app.route("/products/<sku>", methods=["GET", "PUT", "DELETE"])
def product(sku):
    chemin = fiche(sku)
    with verrou:
        if request.method == "DELETE":
            chemin.unlink(missing_ok=True)
            return "", 204
        if request.method == "PUT":
            article = {**request.json, "sku": sku}
            status = 200 if chemin.exists() else 201
            brouillon = chemin.with_suffix(".tmp")
            brouillon.write_text(json.dumps(article), "utf-8")
            os.replace(brouillon, chemin)
            return jsonify(article), status
        if not chemin.exists():
            abort(404)
        return jsonify(json.loads(chemin.read_text("utf-8")))
