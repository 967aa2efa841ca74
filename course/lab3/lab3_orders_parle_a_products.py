# %% [markdown]
# # Laboratoire 3 : *Orders* parle à *Products*
#
# Une commande a besoin d’un prix, et le prix est chez un autre. Cet autre peut être mort, lent, ou dire n’importe quoi : vous décidez alors ce que le client lira.
#
# **À la fin, vous saurez**
#
# - écrire un service qui en appelle un autre, et garde ce qu’il a appris ;
# - donner à chaque panne sa réponse ;
# - accepter deux fois la même commande sans la prendre deux fois ;
# - suivre une requête d’un journal à l’autre.

# %% [markdown]
# ## Qu’allez-vous construire ?
#
# ```mermaid
# graph LR
#     C[Client] -->|POST /orders| O[Orders]
#     O -->|GET /products/sku| P[Products]
#     O --> D[(orders.db)]
# ```
#
# *Products* est celui de la boutique, et ressemble au vôtre du [labo 2](course:lab2). *Orders* est à vous. C’est l’exercice 3 du module :
#
# | Sous-tâche | Étape | Points | Minutes |
# |---|---|---|---|
# | 1. un service Orders | 1. prendre une commande | 6 | 15 |
# | 2. l’appel à Products | 2. demander le prix | 7 | 15 |
# | 3. la gestion d’erreur | 3. dire la bonne panne | 8 | 20 |
# | | 4. la même commande, deux fois | 7 | 20 |
# | 4. des logs structurés | 5. suivre une commande | 8 | 20 |
#
# Un seul fichier **grandit** d’une étape à l’autre : copiez votre cellule dans la suivante, à la place que celle-ci indique, puis complétez-la. Une seule ligne `app = Flask(__name__)` par fichier : une seconde ferait oublier les routes écrites au-dessus. On peut s’arrêter entre deux étapes, et reprendre un autre jour.

# %% tags=["setup"]
from workbook import Shop, bet, check, hint, progress, settle, solution, takeaway
from course.lab3.experiments import buy_again, follow, naive, portrait, while_dead

shop = Shop.start("products")
shop["products"].get("/products/LAMP")

# %% [markdown]
# ## Étape 1 : qu’est-ce qu’une commande ?
#
# Pour l’instant, *Orders* n’appelle personne. Il prend des commandes et les garde dans sa base, `orders.db`.
#
# | Requête | Réponse |
# |---|---|
# | `POST /orders` avec `{"sku": "LAMP", "quantity": 2}` | **201**, et la commande : ces deux champs et un `id` de votre choix, différent pour chacune |
# | la même, avec un corps incorrect | **422** (ou 400), et rien n’est gardé |
# | `GET /orders/<id>` | **200** et la commande, la même ; **404** si elle n’existe pas |
# | `GET /orders` | **200** et `{"orders": […]}`, toutes les commandes |
#
# Le corps juste est un objet JSON : `sku` y est un texte non vide, `quantity` un entier d’au moins 1 (`true` n’est pas un entier). Un champ de plus, même `id`, est ignoré, ou refusé. Deux corps pareils font deux commandes. Le corps d’un refus est libre.
#
# **Ce que fait la vérification**, à cette étape et aux suivantes : elle lance votre fichier dans un processus et un dossier à elle, à côté d’un *Products* qu’elle dirige, et regarde les réponses HTTP. Ici, elle le tue aussi (`kill -9`), puis le relance : les commandes sont encore là. `sql`, `save` et `find` sont donnés ; vous pouvez les remplacer. Si vous changez les colonnes, changez aussi le nom de la table : `orders.db` a gardé l’ancienne.

# %% answer="lab3.orders"
# %%service orders
import json
import sqlite3
import uuid
from contextlib import closing

from flask import Flask, abort, request

app = Flask(__name__)


def sql(statement, *values):
    """Un ordre SQL, dans une transaction à lui."""
    with closing(sqlite3.connect("orders.db", timeout=10)) as db, db:
        return db.execute(statement, values).fetchall()


sql("CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, body TEXT, key TEXT UNIQUE)")


def save(order):
    """Garde une commande."""
    sql("INSERT INTO orders (id, body) VALUES (?, ?)", order["id"], json.dumps(order))


def find(order_id):
    """La commande de cet identifiant, ou None."""
    rows = sql("SELECT body FROM orders WHERE id = ?", order_id)
    return json.loads(rows[0][0]) if rows else None


@app.get("/orders")
def list_orders():
    return {"orders": [json.loads(body) for (body,) in sql("SELECT body FROM orders")]}


@app.get("/orders/<order_id>")
def show_order(order_id):
    ### BEGIN SOLUTION
    return find(order_id) or abort(404, f"La commande {order_id} n’existe pas.")
    ### END SOLUTION


def asked():
    """Le `sku` et la `quantity` du corps ; répond 422 s’il n’est pas une commande."""
    ### BEGIN SOLUTION
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        abort(422, "Le corps doit être un objet JSON.")
    sku, quantity = body.get("sku"), body.get("quantity")
    if not isinstance(sku, str) or not sku.strip():
        abort(422, "Il faut un « sku », un texte.")
    if type(quantity) is not int or quantity < 1:
        abort(422, "Il faut une « quantity », un entier d’au moins 1.")
    return {"sku": sku, "quantity": quantity}
    ### END SOLUTION


@app.post("/orders")
def add_order():
    ### BEGIN SOLUTION
    order = {"id": str(uuid.uuid4()), **asked()}
    save(order)
    return order, 201
    ### END SOLUTION


# %% check="lab3.orders"
check("lab3.orders")

# %% [markdown]
# ## Étape 2 : à quel prix ?
#
# *Orders* demande le prix à *Products* : `GET /products/<sku>` y répond `{"sku": …, "name": …, "price_cents": …}`. La commande a deux champs de plus, des entiers, en centimes : `unit_price_cents`, le prix que *Products* a dit, et `total_cents`, ce prix multiplié par la quantité.
#
# - **Une seule lecture par commande**, sans nouvel essai. Entre deux lectures, le prix peut changer.
# - **La commande garde son prix.** Relue plus tard, elle n’a pas changé, même si *Products* a changé de prix, ou ne répond plus.
# - **Le prix vient de *Products*, jamais du client.** Si le client joint un prix, ignorez-le, ou refusez la commande.
#
# Où habite *Products* ? Un service ne l’écrit pas dans son code : il le lit dans l’environnement, ou le demande à l’annuaire. C’est ce que fait `products_url()`, donnée. La vérification met dans `PRODUCTS_URL` l’adresse de son *Products* à elle, où les prix changent ; puis elle commande une lampe dans la boutique, à votre service qui tourne.
#
# `requests`, `urllib`, `httpx` : choisissez la bibliothèque. Ce que vous répondez quand *Products* n’a pas de prix à donner est pour l’étape 3.

# %% answer="lab3.call"
# %%service orders
### BEGIN SOLUTION
import json
import os
import sqlite3
import uuid
from contextlib import closing
from urllib.parse import quote

import requests
from flask import Flask, abort, request

app = Flask(__name__)


def sql(statement, *values):
    """Un ordre SQL, dans une transaction à lui."""
    with closing(sqlite3.connect("orders.db", timeout=10)) as db, db:
        return db.execute(statement, values).fetchall()


sql("CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, body TEXT, key TEXT UNIQUE)")


def save(order):
    """Garde une commande."""
    sql("INSERT INTO orders (id, body) VALUES (?, ?)", order["id"], json.dumps(order))


def find(order_id):
    """La commande de cet identifiant, ou None."""
    rows = sql("SELECT body FROM orders WHERE id = ?", order_id)
    return json.loads(rows[0][0]) if rows else None


def products_url():
    """Où habite Products : l’environnement le dit, sinon l’annuaire."""
    if url := os.environ.get("PRODUCTS_URL"):
        return url
    found = requests.get(f"{os.environ['REGISTRY_URL']}/instances/products", timeout=1).json()
    if not found["instances"]:
        abort(503, "Products n’est pas dans l’annuaire.")
    return found["instances"][0]["url"]


@app.get("/orders")
def list_orders():
    return {"orders": [json.loads(body) for (body,) in sql("SELECT body FROM orders")]}


@app.get("/orders/<order_id>")
def show_order(order_id):
    return find(order_id) or abort(404, f"La commande {order_id} n’existe pas.")


def asked():
    """Le `sku` et la `quantity` du corps ; répond 422 s’il n’est pas une commande."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        abort(422, "Le corps doit être un objet JSON.")
    sku, quantity = body.get("sku"), body.get("quantity")
    if not isinstance(sku, str) or not sku.strip():
        abort(422, "Il faut un « sku », un texte.")
    if type(quantity) is not int or quantity < 1:
        abort(422, "Il faut une « quantity », un entier d’au moins 1.")
    return {"sku": sku, "quantity": quantity}


def price_of(sku):
    """Le prix que dit Products, en centimes."""
    response = requests.get(f"{products_url()}/products/{quote(sku, safe='')}", timeout=1)
    return response.json()["price_cents"]


@app.post("/orders")
def add_order():
    order = {"id": str(uuid.uuid4()), **asked()}
    price = price_of(order["sku"])
    order |= {"unit_price_cents": price, "total_cents": price * order["quantity"]}
    save(order)
    return order, 201
### END SOLUTION
### BEGIN STUB
# # 1. Remplacez les lignes d’ici au trait par votre étape 1, sans sa ligne %%service.
# from flask import Flask, abort
#
# app = Flask(__name__)
#
#
# @app.post("/orders")
# def add_order():
#     raise NotImplementedError
#
#
# # ---------------------------------------------------------------------------------------
# # 2. Gardez ce qui suit, et complétez price_of ; puis add_order, là-haut, avec le prix.
# import os
#
# import requests
#
#
# def products_url():
#     """Où habite Products : l’environnement le dit, sinon l’annuaire."""
#     if url := os.environ.get("PRODUCTS_URL"):
#         return url
#     found = requests.get(f"{os.environ['REGISTRY_URL']}/instances/products", timeout=1).json()
#     if not found["instances"]:
#         abort(503, "Products n’est pas dans l’annuaire.")
#     return found["instances"][0]["url"]
#
#
# def price_of(sku):
#     """Le prix que dit Products, en centimes."""
#     # À vous de jouer
#     raise NotImplementedError
### END STUB

# %% check="lab3.call"
check("lab3.call")

# %% [markdown]
# Une commande, telle que la boutique l’a vue passer. *Orders* demande d’abord à l’annuaire où habite *Products*.

# %%
order = shop["orders"].post("/orders", {"sku": "LAMP", "quantity": 2})
shop.sequence(order)

# %% [markdown]
# ## Étape 3 : que répondre quand *Products* ne répond pas ?
#
# Voici un *Orders* **naïf**, celui qu’on écrit quand tout marche : aucun délai d’attente, et il ne regarde pas le statut. On tue *Products*, puis on lui passe une commande.

# %%
bet("lab3.dead")

# %%
with naive(shop) as name:
    told = while_dead(shop, name)
    display(portrait(shop, name))
settle("lab3.dead", told)

# %% [markdown]
# Une seule réponse, 500, pour un article inconnu et pour un service mort ; et rien du tout quand il est muet. Le client ne sait ni s’il s’est trompé, ni s’il doit revenir.
#
# | *Products* | *Orders* répond |
# |---|---|
# | 200 et un produit : un objet JSON dont `sku` est celui demandé, `price_cents` un entier positif ou nul | 201 |
# | 404 | 422 : le client demande un article qui n’existe pas |
# | personne n’écoute, ou 503 | 503 |
# | muet (pas un octet de réponse) pendant une seconde, ou 504 | 504 |
# | connexion rompue, avant ou au milieu de la réponse | 502 ou 503 |
# | tout autre statut, tout autre corps avec un 200 | 502 |
#
# Une commande refusée n’est **pas gardée**, et le service se rétablit : dès que *Products* répond bien, la commande suivante est prise. Le corps d’un refus est libre. Suivre une redirection est permis. La vérification met son *Products* dans chacun de ces états. Muet, il finit par répondre au bout de six secondes : une seconde d’attente est le bon choix, six sont de trop. S’il répond en 0,3 seconde, ce n’est pas un silence : 201.

# %% answer="lab3.errors"
# %%service orders
### BEGIN SOLUTION
import json
import os
import sqlite3
import uuid
from contextlib import closing
from urllib.parse import quote

import requests
from flask import Flask, abort, request

app = Flask(__name__)


def sql(statement, *values):
    """Un ordre SQL, dans une transaction à lui."""
    with closing(sqlite3.connect("orders.db", timeout=10)) as db, db:
        return db.execute(statement, values).fetchall()


sql("CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, body TEXT, key TEXT UNIQUE)")


def save(order):
    """Garde une commande."""
    sql("INSERT INTO orders (id, body) VALUES (?, ?)", order["id"], json.dumps(order))


def find(order_id):
    """La commande de cet identifiant, ou None."""
    rows = sql("SELECT body FROM orders WHERE id = ?", order_id)
    return json.loads(rows[0][0]) if rows else None


def products_url():
    """Où habite Products : l’environnement le dit, sinon l’annuaire."""
    if url := os.environ.get("PRODUCTS_URL"):
        return url
    found = requests.get(f"{os.environ['REGISTRY_URL']}/instances/products", timeout=1).json()
    if not found["instances"]:
        abort(503, "Products n’est pas dans l’annuaire.")
    return found["instances"][0]["url"]


@app.get("/orders")
def list_orders():
    return {"orders": [json.loads(body) for (body,) in sql("SELECT body FROM orders")]}


@app.get("/orders/<order_id>")
def show_order(order_id):
    return find(order_id) or abort(404, f"La commande {order_id} n’existe pas.")


def asked():
    """Le `sku` et la `quantity` du corps ; répond 422 s’il n’est pas une commande."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        abort(422, "Le corps doit être un objet JSON.")
    sku, quantity = body.get("sku"), body.get("quantity")
    if not isinstance(sku, str) or not sku.strip():
        abort(422, "Il faut un « sku », un texte.")
    if type(quantity) is not int or quantity < 1:
        abort(422, "Il faut une « quantity », un entier d’au moins 1.")
    return {"sku": sku, "quantity": quantity}


def price_of(sku):
    """Le prix que dit Products, en centimes ; sinon, répond au client selon la panne."""
    url = f"{products_url()}/products/{quote(sku, safe='')}"
    try:
        response = requests.get(url, timeout=1)
    except requests.Timeout:
        abort(504, "Products n’a pas répondu à temps.")
    except requests.ConnectionError:
        abort(503, "Products est indisponible.")
    except requests.RequestException:
        abort(502, "Products a rompu la connexion.")
    if response.status_code != 200:
        abort({404: 422, 503: 503, 504: 504}.get(response.status_code, 502))
    try:
        product = response.json()
        price, good = product["price_cents"], product["sku"] == sku
    except (ValueError, TypeError, KeyError):
        abort(502, "Products n’a pas rendu un produit.")
    if not good or type(price) is not int or price < 0:
        abort(502, "Products n’a pas rendu le prix de cet article.")
    return price


@app.post("/orders")
def add_order():
    order = {"id": str(uuid.uuid4()), **asked()}
    price = price_of(order["sku"])
    order |= {"unit_price_cents": price, "total_cents": price * order["quantity"]}
    save(order)
    return order, 201
### END SOLUTION
### BEGIN STUB
# # 1. Remplacez les lignes d’ici au trait par votre étape 2, sans sa ligne %%service.
# from flask import Flask
#
# app = Flask(__name__)
#
#
# @app.post("/orders")
# def add_order():
#     raise NotImplementedError
#
#
# # ---------------------------------------------------------------------------------------
# # 2. Ce price_of remplace celui que vous avez collé ; add_order convient telle quelle.
# def price_of(sku):
#     """Le prix que dit Products, en centimes ; sinon, répond au client selon la panne."""
#     # À vous de jouer
#     raise NotImplementedError
### END STUB

# %% check="lab3.errors"
check("lab3.errors")

# %% [markdown]
# Le même tableau, pour votre *Orders* à vous. Gardez-le : c’est son portrait.

# %%
portrait(shop)

# %% [markdown]
# ## Étape 4 : la réponse s’est perdue. Et la commande ?
#
# La panne la plus difficile n’est pas dans le tableau : *Orders* a pris la commande, et c’est **sa** réponse qui se perd. Le client ne sait pas ; il renvoie la même demande. L’*Orders* naïf, d’abord.

# %%
bet("lab3.twice")

# %%
with naive(shop) as name:
    made = buy_again(shop, name)
settle("lab3.twice", made)

# %% [markdown]
# Le remède est la **clé d’idempotence** du [chapitre 05](course:ch05) : le client joint à sa demande un en-tête `Idempotency-Key`, le même aux deux envois. À vous de tenir cette promesse, cette fois dans un service qui garde ses commandes sur un disque, et qui peut mourir. La colonne `key` de la table, donnée à l’étape 1, est là pour elle.
#
# - Une clé déjà connue : aucune commande de plus, et la première réponse, **201** et la même commande, sans rien redemander à *Products*. Le client renvoie le même corps ; s’il en envoyait un autre, la réponse serait votre choix.
# - Une autre clé, ou pas de clé : une autre commande.
# - Un refus laisse la clé libre : la même demande peut réussir ensuite.
# - Au même moment, plusieurs envois d’une même clé font une commande. Chaque envoi reçoit 201 et cette commande ; ou 409, s’il n’est pas le premier.
#
# La vérification tue *Orders* (`kill -9`) après chacun de ses effets, une écriture ou un envoi, le relance, puis renvoie la même clé, encore et encore, pendant deux secondes au plus : il doit y avoir **une** commande, et une réponse 201. Quand ce n’est pas le cas, la carte dit où il est mort, et comment revoir cette mort. Un seul exemplaire du service tourne à la fois.

# %% answer="lab3.again"
# %%service orders
### BEGIN SOLUTION
import json
import os
import sqlite3
import uuid
from contextlib import closing
from urllib.parse import quote

import requests
from flask import Flask, abort, request

app = Flask(__name__)


def sql(statement, *values):
    """Un ordre SQL, dans une transaction à lui."""
    with closing(sqlite3.connect("orders.db", timeout=10)) as db, db:
        return db.execute(statement, values).fetchall()


sql("CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, body TEXT, key TEXT UNIQUE)")


def find(order_id):
    """La commande de cet identifiant, ou None."""
    rows = sql("SELECT body FROM orders WHERE id = ?", order_id)
    return json.loads(rows[0][0]) if rows else None


def products_url():
    """Où habite Products : l’environnement le dit, sinon l’annuaire."""
    if url := os.environ.get("PRODUCTS_URL"):
        return url
    found = requests.get(f"{os.environ['REGISTRY_URL']}/instances/products", timeout=1).json()
    if not found["instances"]:
        abort(503, "Products n’est pas dans l’annuaire.")
    return found["instances"][0]["url"]


@app.get("/orders")
def list_orders():
    return {"orders": [json.loads(body) for (body,) in sql("SELECT body FROM orders")]}


@app.get("/orders/<order_id>")
def show_order(order_id):
    return find(order_id) or abort(404, f"La commande {order_id} n’existe pas.")


def asked():
    """Le `sku` et la `quantity` du corps ; répond 422 s’il n’est pas une commande."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        abort(422, "Le corps doit être un objet JSON.")
    sku, quantity = body.get("sku"), body.get("quantity")
    if not isinstance(sku, str) or not sku.strip():
        abort(422, "Il faut un « sku », un texte.")
    if type(quantity) is not int or quantity < 1:
        abort(422, "Il faut une « quantity », un entier d’au moins 1.")
    return {"sku": sku, "quantity": quantity}


def price_of(sku):
    """Le prix que dit Products, en centimes ; sinon, répond au client selon la panne."""
    url = f"{products_url()}/products/{quote(sku, safe='')}"
    try:
        response = requests.get(url, timeout=1)
    except requests.Timeout:
        abort(504, "Products n’a pas répondu à temps.")
    except requests.ConnectionError:
        abort(503, "Products est indisponible.")
    except requests.RequestException:
        abort(502, "Products a rompu la connexion.")
    if response.status_code != 200:
        abort({404: 422, 503: 503, 504: 504}.get(response.status_code, 502))
    try:
        product = response.json()
        price, good = product["price_cents"], product["sku"] == sku
    except (ValueError, TypeError, KeyError):
        abort(502, "Products n’a pas rendu un produit.")
    if not good or type(price) is not int or price < 0:
        abort(502, "Products n’a pas rendu le prix de cet article.")
    return price


def find_by_key(key):
    """La commande prise sous cette clé, ou None."""
    rows = sql("SELECT body FROM orders WHERE key = ?", key)
    return json.loads(rows[0][0]) if rows else None


def save(order, key):
    """Garde une commande, et sa clé s’il y en a une ; rend celle qui est gardée sous cette clé."""
    sql("INSERT OR IGNORE INTO orders VALUES (?, ?, ?)", order["id"], json.dumps(order), key)
    return find_by_key(key) or order


@app.post("/orders")
def add_order():
    key = request.headers.get("Idempotency-Key")
    if known := find_by_key(key):
        return known, 201
    order = {"id": str(uuid.uuid4()), **asked()}
    price = price_of(order["sku"])
    order |= {"unit_price_cents": price, "total_cents": price * order["quantity"]}
    return save(order, key), 201
### END SOLUTION
### BEGIN STUB
# # 1. Remplacez les lignes d’ici au trait par votre étape 3, sans sa ligne %%service.
# from flask import Flask
#
# app = Flask(__name__)
#
#
# @app.post("/orders")
# def add_order():
#     raise NotImplementedError
#
#
# # ---------------------------------------------------------------------------------------
# # 2. Ce save remplace celui que vous avez collé. Complétez aussi add_order, là-haut : la clé.
# def find_by_key(key):
#     """La commande prise sous cette clé, ou None."""
#     # À vous de jouer
#     raise NotImplementedError
#
#
# def save(order, key):
#     """Garde une commande, et sa clé s’il y en a une."""
#     # À vous de jouer
#     raise NotImplementedError
### END STUB

# %% check="lab3.again"
check("lab3.again")

# %% [markdown]
# La même perte, chez vous, avec une clé : combien de commandes ?

# %%
print(buy_again(shop, "orders", key="le-panier-d-alice"), "commande")

# %% [markdown]
# ## Étape 5 : que s’est-il passé pour *cette* commande ?
#
# Un client appelle : « ma commande de tout à l’heure a échoué ». Deux services, deux journaux, mille lignes. Il faut un **identifiant de requête** (*request id*) que les deux écrivent, et un **journal structuré** (*structured logging*) : un objet JSON par ligne, qu’un programme trie.
#
# La boutique le fait déjà pour vous, avec `traceparent` et `X-Correlation-ID`. Refaites-le à la main, sous un autre nom : `X-Request-Id`.
#
# - Reçu avec `POST /orders`, l’identifiant est repris tel quel s’il est fait de 1 à 64 lettres sans accent, chiffres et tirets. Sinon, absent compris, *Orders* en crée un **nouveau**, de la même forme.
# - La réponse à `POST /orders` le porte, même si c’est un refus ; l’appel à *Products* aussi, dans le même en-tête.
# - Chaque `POST /orders` laisse sur la sortie standard une ligne JSON, et une seule, avec `event` (`"order.created"` si le statut est 201, sinon `"order.refused"`), `request_id`, `status`, le statut répondu, et `order_id` si c’est 201. Un renvoi de l’étape 4 a sa ligne aussi, avec son identifiant à lui. Toute autre ligne est libre.
# - Aucune ligne ne contient la carte que le client peut joindre, dans un champ `card` (un champ de plus : ignoré, ou refusé).
#
# `print(json.dumps(…) + "\n", end="", flush=True)` écrit la ligne d’un seul coup. Sans cela, `print` écrit le texte, puis la fin de ligne : deux requêtes simultanées pourraient les mêler. `logging` avec `extra={…}` convient aussi, la boutique l’écrit en JSON. La vérification lit les lignes, et envoie plusieurs commandes à la fois.

# %% answer="lab3.logs"
# %%service orders
### BEGIN SOLUTION
import json
import os
import re
import sqlite3
import uuid
from contextlib import closing
from urllib.parse import quote

import requests
from flask import Flask, abort, g, request

app = Flask(__name__)


def sql(statement, *values):
    """Un ordre SQL, dans une transaction à lui."""
    with closing(sqlite3.connect("orders.db", timeout=10)) as db, db:
        return db.execute(statement, values).fetchall()


sql("CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, body TEXT, key TEXT UNIQUE)")


@app.before_request
def take_id():
    """Choisit l’identifiant de la requête."""
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if re.fullmatch(r"[A-Za-z0-9-]{1,64}", given) else uuid.uuid4().hex


@app.after_request
def tell(response):
    """Écrit la ligne de la commande, et rend l’identifiant au client."""
    response.headers["X-Request-Id"] = g.request_id
    if request.method == "POST":
        line = {"event": "order.refused", "request_id": g.request_id, "status": response.status_code}
        if response.status_code == 201:
            line |= {"event": "order.created", "order_id": response.get_json()["id"]}
        print(json.dumps(line) + "\n", end="", flush=True)
    return response


def find(order_id):
    """La commande de cet identifiant, ou None."""
    rows = sql("SELECT body FROM orders WHERE id = ?", order_id)
    return json.loads(rows[0][0]) if rows else None


def products_url():
    """Où habite Products : l’environnement le dit, sinon l’annuaire."""
    if url := os.environ.get("PRODUCTS_URL"):
        return url
    found = requests.get(f"{os.environ['REGISTRY_URL']}/instances/products", timeout=1).json()
    if not found["instances"]:
        abort(503, "Products n’est pas dans l’annuaire.")
    return found["instances"][0]["url"]


@app.get("/orders")
def list_orders():
    return {"orders": [json.loads(body) for (body,) in sql("SELECT body FROM orders")]}


@app.get("/orders/<order_id>")
def show_order(order_id):
    return find(order_id) or abort(404, f"La commande {order_id} n’existe pas.")


def asked():
    """Le `sku` et la `quantity` du corps ; répond 422 s’il n’est pas une commande."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        abort(422, "Le corps doit être un objet JSON.")
    sku, quantity = body.get("sku"), body.get("quantity")
    if not isinstance(sku, str) or not sku.strip():
        abort(422, "Il faut un « sku », un texte.")
    if type(quantity) is not int or quantity < 1:
        abort(422, "Il faut une « quantity », un entier d’au moins 1.")
    return {"sku": sku, "quantity": quantity}


def price_of(sku):
    """Le prix que dit Products, en centimes ; sinon, répond au client selon la panne."""
    url = f"{products_url()}/products/{quote(sku, safe='')}"
    try:
        response = requests.get(url, headers={"X-Request-Id": g.request_id}, timeout=1)
    except requests.Timeout:
        abort(504, "Products n’a pas répondu à temps.")
    except requests.ConnectionError:
        abort(503, "Products est indisponible.")
    except requests.RequestException:
        abort(502, "Products a rompu la connexion.")
    if response.status_code != 200:
        abort({404: 422, 503: 503, 504: 504}.get(response.status_code, 502))
    try:
        product = response.json()
        price, good = product["price_cents"], product["sku"] == sku
    except (ValueError, TypeError, KeyError):
        abort(502, "Products n’a pas rendu un produit.")
    if not good or type(price) is not int or price < 0:
        abort(502, "Products n’a pas rendu le prix de cet article.")
    return price


def find_by_key(key):
    """La commande prise sous cette clé, ou None."""
    rows = sql("SELECT body FROM orders WHERE key = ?", key)
    return json.loads(rows[0][0]) if rows else None


def save(order, key):
    """Garde une commande, et sa clé s’il y en a une ; rend celle qui est gardée sous cette clé."""
    sql("INSERT OR IGNORE INTO orders VALUES (?, ?, ?)", order["id"], json.dumps(order), key)
    return find_by_key(key) or order


@app.post("/orders")
def add_order():
    key = request.headers.get("Idempotency-Key")
    if known := find_by_key(key):
        return known, 201
    order = {"id": str(uuid.uuid4()), **asked()}
    price = price_of(order["sku"])
    order |= {"unit_price_cents": price, "total_cents": price * order["quantity"]}
    return save(order, key), 201
### END SOLUTION
### BEGIN STUB
# # 1. Remplacez les lignes d’ici au trait par votre étape 4, sans sa ligne %%service.
# from flask import Flask
#
# app = Flask(__name__)
#
#
# @app.post("/orders")
# def add_order():
#     raise NotImplementedError
#
#
# # ---------------------------------------------------------------------------------------
# # 2. Gardez ce qui suit, et complétez-le.
# from flask import g, request
#
#
# @app.before_request
# def take_id():
#     """Choisit l’identifiant de la requête, et le garde dans `g`."""
#     # À vous de jouer
#     raise NotImplementedError
#
#
# @app.after_request
# def tell(response):
#     """Écrit la ligne de la commande, et rend l’identifiant au client."""
#     # À vous de jouer
#     return response
#
#
# # Et, là-haut, dans price_of : Products doit recevoir l’identifiant, lui aussi.
### END STUB

# %% check="lab3.logs"
check("lab3.logs")

# %% [markdown]
# Il manque l’autre moitié : un *Products* qui écrit aussi l’identifiant. En voici un, tout petit, à la place de celui de la boutique.

# %%
# %%service products
import json

from flask import Flask, abort, request

app = Flask(__name__)
catalogue = {"LAMP": {"sku": "LAMP", "name": "Lampe de bureau", "price_cents": 3990}}


@app.get("/products/<sku>")
def show_product(sku):
    found = catalogue.get(sku)
    line = {"event": "product.read", "request_id": request.headers.get("X-Request-Id")}
    print(json.dumps(line | {"status": 200 if found else 404}), flush=True)
    return found or abort(404)


# %% [markdown]
# Deux commandes, l’une bonne, l’autre non ; puis une question à tous les journaux.

# %%
for sku, id in (("LAMP", "alice-1"), ("NAPPE", "alice-2")):
    order = {"sku": sku, "quantity": 1}
    answer = shop["orders"].post("/orders", order, headers={"X-Request-Id": id})
display(follow(shop, "alice-1"), follow(shop, "alice-2"))

# %% [markdown]
# Le refus se lit en une phrase : *Products* ne connaissait pas l’article. La boutique a dessiné la même chose, par `traceparent`, avec les durées en plus :

# %%
display(shop.sequence(answer))
shop.reset("products")

# %% [markdown]
# C’est une **trace**, le sujet du chapitre [Observabilité](course:ch11).

# %% [markdown]
# ## Votre bilan, en une page
#
# Vos points et vos paris ; plus haut, le portrait de votre *Orders*. Puis deux phrases avec vos mots. Gardez cette page.

# %%
progress("lab3")

# %%
takeaway("lab3")

# %% [markdown]
# ## Ce que nous savons maintenant
#
# - Une donnée d’un autre se lit **une fois**, se vérifie, et se **copie** dans ce qu’on promet au client.
# - Chaque panne a sa réponse, et aucune ne laisse de commande derrière elle ; une commande et sa **clé** s’écrivent d’un seul geste.
# - Un **identifiant**, reçu ou créé à l’entrée, passe dans la réponse, dans l’appel et dans chaque ligne.
#
# Ensuite : [Événements avec RabbitMQ](course:next), où *Orders* n’attend plus personne.
