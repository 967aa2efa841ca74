# no database: one file an order, whose name only one process can create.
import json
import os
import tempfile
from pathlib import Path

from flask import Flask, abort, jsonify, request

app = Flask("caisse")
FOLDER = Path("commandes")
FOLDER.mkdir(exist_ok=True)


@app.post("/orders")
def place_order():
    """Pas de base : un fichier par commande ; os.link échoue si le numéro est déjà pris."""
    order = request.get_json()
    with tempfile.NamedTemporaryFile("w", dir=FOLDER, suffix=".tmp", encoding="utf-8") as draft:
        json.dump(order, draft)
        draft.flush()
        os.fsync(draft.fileno())
        number = 1 + max((int(path.stem) for path in FOLDER.glob("*.json")), default=0)
        while True:
            try:
                os.link(draft.name, FOLDER / f"{number}.json")
                break
            except FileExistsError:
                number += 1
    return {"number": number}, 201


@app.get("/orders/<int:number>")
def show_order(number):
    try:
        text = (FOLDER / f"{number}.json").read_text(encoding="utf-8")
    except OSError:
        abort(404)
    return jsonify(json.loads(text))
