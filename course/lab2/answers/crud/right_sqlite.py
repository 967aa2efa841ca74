import os
import sqlite3
from contextlib import closing

from flask import Flask, abort, request

app = Flask(__name__)
PATH = os.environ["DATABASE_URL"].removeprefix("sqlite:///") + ".mine"
COLUMNS = ("sku", "name", "price_cents", "description")


def run(query, *values):
    with closing(sqlite3.connect(PATH, timeout=5)) as db, db:
        return db.execute(query, values).fetchall()


run("drop table if exists products")
run("create table products (sku primary key, name, price_cents, description)")


def as_dict(row):
    return {key: value for key, value in zip(COLUMNS, row) if value is not None}


def values(sku, body):
    return sku, body["name"], body["price_cents"], body.get("description")


@app.get("/products")
def list_products():
    return {"products": [as_dict(row) for row in run("select * from products")]}


@app.get("/products/<sku>")
def show(sku):
    rows = run("select * from products where sku = ?", sku)
    return as_dict(rows[0]) if rows else abort(404)


@app.post("/products")
def add():
    body = request.get_json()
    try:
        run("insert into products values (?, ?, ?, ?)", *values(body["sku"], body))
    except sqlite3.IntegrityError:
        abort(409)
    return show(body["sku"]), 201


@app.put("/products/<sku>")
def put(sku):
    status = 200 if run("select 1 from products where sku = ?", sku) else 201
    run("insert or replace into products values (?, ?, ?, ?)", *values(sku, request.get_json()))
    return show(sku), status


@app.delete("/products/<sku>")
def delete(sku):
    run("delete from products where sku = ?", sku)
    return "", 204
