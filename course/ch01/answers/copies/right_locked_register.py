# a register that is locked, read to its end and written at its end.
import fcntl
import json
import os

from flask import Flask, abort, jsonify, request

app = Flask("caisse")
BOOK = "caisse.jsonl"


def entries(lines):
    for line in lines:
        try:
            number, order = json.loads(line)
        except ValueError:  # ligne coupée par une mort : la commande n'a jamais été confirmée
            continue
        yield number, order


@app.post("/orders")
def place_order():
    """Un registre où l'on ajoute à la fin, sous un verrou du système."""
    order = request.get_json()
    with open(BOOK, "a+", encoding="utf-8") as book:
        fcntl.flock(book, fcntl.LOCK_EX)
        book.seek(0)
        text = book.read()
        number = 1 + max((n for n, _ in entries(text.splitlines())), default=0)
        if text and not text.endswith("\n"):
            book.write("\n")
        book.write(json.dumps([number, order]) + "\n")
        book.flush()
        os.fsync(book.fileno())
    return {"number": number}, 201


@app.get("/orders/<int:number>")
def show_order(number):
    try:
        with open(BOOK, encoding="utf-8") as book:
            for found, order in entries(book):
                if found == number:
                    return jsonify(order)
    except FileNotFoundError:
        pass
    abort(404)
