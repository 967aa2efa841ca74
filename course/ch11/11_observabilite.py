# %% [markdown]
# # L’observabilité
#
# Une panne se voit rarement là où elle est : il faut pouvoir interroger la boutique.
#
# **À la fin, vous saurez** :
#
# - suivre une commande d’un service à l’autre, par ses journaux et par sa trace ;
# - mesurer le débit, les erreurs et la durée, et dire ce qu’ils cachent ;
# - préférer un percentile à une moyenne ;
# - faire passer une trace à travers un message RabbitMQ.

# %% tags=["setup"]
import os

from workbook import Shop, bet, check, hint, progress, settle, show, solution, takeaway
from course.ch11.experiments import MUG, SERVICES, broken, fates, place_orders, red

os.environ["BREAKER_OPEN_SECONDS"] = "1"  # après une panne, on attend moins
shop = Shop.start(*SERVICES, "auth", "notifications")
shop.sign_in("alice")
place_orders(shop, 4)  # pour que la première mesure ne soit pas celle d’un démarrage
shop

# %% [markdown]
# ## Que dit une commande d’elle-même ?
#
# L’**observabilité** (*observability*), c’est comprendre de l’extérieur ce qui se passe à l’intérieur. Elle a trois piliers :
#
# ```mermaid
# graph LR
#     OBS[Observabilité] --> LOGS[Logs]
#     OBS --> METRICS[Métriques]
#     OBS --> TRACES[Traces distribuées]
#
#     LOGS --> L1[Erreurs applicatives]
#     LOGS --> L2[Événements métier]
#
#     METRICS --> M1[Latence]
#     METRICS --> M2[Throughput]
#     METRICS --> M3[Taux d'erreur]
#
#     TRACES --> T1[Suivi de requête]
#     TRACES --> T2[Performance end-to-end]
# ```
#
# Une ligne d’un **journal** (*log*) raconte un événement. Une **métrique** (*metric*) est un nombre suivi dans le temps. Une **trace distribuée** (*distributed trace*) suit une requête partout où elle passe. Les flèches ne sont pas des appels : chaque service écrit ces données sur lui-même.
#
# Une commande passe. *Notifications* enverra le courriel après la réponse. **Votre pari** : sous quel identifiant écrira-t-il sa ligne ?

# %%
bet("ch11.identifier")

# %%
from course.ch11.experiments import lines_about, who_signs

order = shop.post("/orders", MUG)
lines = lines_about(shop, order)
display(lines)
settle("ch11.identifier", who_signs(lines, order))

# %% [markdown]
# La passerelle a donné à la requête un **identifiant de corrélation** (*correlation id*). Il voyage dans les en-têtes des appels, puis du message ; tous l’écrivent : une recherche suffit. Un client peut le choisir : il sert à chercher, il ne prouve rien.
#
# Voici une ligne entière, un **journal structuré** (*structured logging*) : du JSON, dont chaque champ se cherche.

# %%
next(line for line in lines if "order_id" in line)

# %% [markdown]
# Pas de numéro de carte : les secrets sont masqués. Et voici la trace.

# %%
shop.trace(order)

# %% [markdown]
# Chaque barre est un **segment** (*span*) : un travail, son début, sa durée, et le segment parent qui l’a demandé. On voit qui a attendu qui. La carte est faite des mêmes segments.

# %%
shop.map()

# %% [markdown]
# ## Que mesurer, et sous quel nom ?
#
# La **méthode RED** (*RED method*) garde trois mesures : le débit (*rate*), les erreurs (*errors*), la durée (*duration*). Chaque service les montre à l’adresse `/metrics`, pour Prometheus, par **étiquette** (*label*) : ici la route et le statut.
#
# Cent visiteurs demandent cent articles inconnus, `/products/ARTICLE-0`… **Votre pari** : combien de couples route et statut de plus ?

# %%
bet("ch11.series")

# %%
from course.ch11.experiments import look_at, new_series

articles = [f"/products/ARTICLE-{n}" for n in range(100)]
added = new_series(shop, lambda: look_at(shop, articles))
settle("ch11.series", added)

# %% [markdown]
# L’étiquette n’est pas l’adresse, c’est le **modèle de la route**, `/products/<sku>`. Avec l’adresse, il y aurait cent couples de plus, gardés en mémoire : c’est la **cardinalité** (*cardinality*). Un identifiant va dans un journal ou une trace, jamais dans une étiquette.
#
# ## La porte d’entrée dit-elle la vérité ?
#
# Seize commandes. On lit `/metrics` avant et après :

# %%
calm = red(shop, lambda: place_orders(shop, 16))
calm

# %% [markdown]
# Maintenant *inventory* répond **500 à chaque appel**. **Votre pari** : quelle part d’erreurs 5xx comptera la passerelle ?

# %%
bet("ch11.door")

# %%
with broken(shop, "inventory", error_rate=1):
    storm = red(shop, lambda: place_orders(shop, 16))
display(storm)
settle("ch11.door", round(100 * storm.errors("gateway")))
runs = fates(**{"boutique saine": calm, "inventory en panne": storm})
show.bars(runs, title="Que sont devenues les commandes ?", unit="commandes")

# %% [markdown]
# La porte est au vert, et pas une commande n’est confirmée : *orders* répond **202**, « bien reçu », et réessaiera. Après une dizaine d’échecs, *orders* cesse même d’appeler *inventory*.
#
# Mesurez donc aussi ce que le client veut : des commandes **confirmées**. Cherchez à rebours, du symptôme au service qui échoue, puis à la cause.
#
# ### Exercice : mesurer un service
#
# Complétez `begin` et `finish`, que Flask appelle avant et après chaque requête du service `avis`, même si une route lève une exception. Chaque réponse compte **une fois** dans l’histogramme, quel que soit son statut, avec :
#
# - `method` : celle de la requête, comme `GET` ;
# - `route` : le modèle, comme `/reviews/<sku>` ; toutes les adresses inconnues sous un même nom, de votre choix ; une méthode refusée (405), sous ce nom ou sous le modèle ;
# - `status` : le nombre, comme `404` ;
# - la durée de cette requête, en **secondes**.
#
# Gardez l’histogramme et les routes. La vérification envoie des requêtes bonnes ou refusées, d’autres qui font lever une exception à une route, puis deux à la fois, et lit `/metrics` avant et après. Celles à `/metrics` comptent, ou non.

# %% answer="ch11.red"
# %%service avis
import time

from flask import Flask, Response, abort, g, request
from prometheus_client import CONTENT_TYPE_LATEST, Histogram, generate_latest

app = Flask(__name__)
reviews = {"LAMP": [5, 4], "MUG": []}
DURATIONS = Histogram("http_request_duration_seconds", "Durée.", ["method", "route", "status"])


@app.before_request
def begin():
    ### BEGIN SOLUTION
    g.began = time.perf_counter()
    ### END SOLUTION


@app.after_request
def finish(response):
    ### BEGIN SOLUTION
    route = request.url_rule.rule if request.url_rule else "inconnue"
    seconds = time.perf_counter() - g.began
    DURATIONS.labels(request.method, route, response.status_code).observe(seconds)
    return response
    ### END SOLUTION


@app.get("/reviews/<sku>")
def show_reviews(sku):
    return {"reviews": reviews[sku]} if sku in reviews else abort(404)


@app.get("/reviews/<sku>/mean")
def show_mean(sku):
    return {"mean": sum(reviews[sku]) / len(reviews[sku])}


@app.get("/report")
def show_report():
    time.sleep(0.2)
    return {"skus": len(reviews)}


@app.get("/metrics")
def show_metrics():
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


# %% check="ch11.red"
check("ch11.red")

# %% [markdown]
# ## Que vaut une moyenne ?
#
# La banque met 0,6 s à débiter une carte. Sur soixante clients, cinquante regardent le catalogue, dix commandent. **Votre pari** : combien ont attendu à peu près la moyenne, entre la moitié et le double ?

# %%
bet("ch11.average")

# %%
from course.ch11.experiments import near_the_mean, visits

waits = visits(shop)
display(show.distribution(waits, title="Quelle part des clients a attendu au plus…"))
everyone = [seconds for group in waits.values() for seconds in group]
print(f"Moyenne : {1000 * sum(everyone) / len(everyone):.0f} ms")
settle("ch11.average", near_the_mean(everyone))

# %% [markdown]
# Presque personne n’a vécu la moyenne. Un **percentile** (*percentile*) parle des clients : p95 = 800 ms veut dire que 95 sur 100 ont attendu 800 ms au plus. Un **histogramme** (*histogram*) compte les réponses en 5 ms au plus, en 10 ms au plus… Ces comptes s’additionnent entre instances ; deux p95, non.
#
# ## Qui prend tout ce temps ?
#
# Un service, tiré au sort, a ralenti ; six clients commandent. Voici les lignes de tous, **sans identifiant**. Le chronomètre s’arrête à votre pari.

# %%
from course.ch11.experiments import compared, plant

first = plant(shop)
first.logs()
bet("ch11.guilty")

# %%
settle("ch11.guilty", first.guilty)

# %% [markdown]
# Un autre service a ralenti. Voici la **trace** d’une des six commandes.

# %%
second = plant(shop, but=first.guilty)
display(second.trace())
bet("ch11.guilty_traced")

# %%
display(compared(first, second))
settle("ch11.guilty_traced", second.guilty)

# %% [markdown]
# Le journal disait qui a travaillé, la trace qui a fait attendre.
#
# ## Comment le fil passe-t-il par RabbitMQ ?
#
# Personne n’appelle *notifications* : le fil passe par les en-têtes du message.

# %%
from course.ch11.experiments import headers_of_an_event, services_in

headers_of_an_event(shop)

# %% [markdown]
# `traceparent` porte le **contexte de trace** (*trace context*) du W3C : `00-<trace>-<segment>-<drapeaux>`. Le segment est celui de l’auteur du message. Le lecteur ouvre un segment neuf, dont celui-là est le parent, et nomme le sien dans ce qu’il publie.
#
# ### Exercice : une seule trace
#
# Le worker `points` lit les commandes confirmées, et publie `points.earned`. Complétez `on_message` :
#
# - `publish(…)` avec un en-tête `traceparent` de la même trace, qui nomme **votre** segment (*span*), avec les drapeaux (*flags*) reçus ; et avec le `x-correlation-id` reçu, seulement s’il y en a un ;
# - `write_span(…)` pour ce segment : un identifiant neuf par message, et pour parent le segment reçu ;
# - un `traceparent` absent, mal formé (trop court, suivi d’autre chose…), ou dont l’un des deux identifiants n’a que des zéros : trace neuve, drapeaux de votre choix, et `None` pour parent.
#
# La vérification met de bons et de mauvais messages dans la file, puis lit ce que vous publiez et vos segments.

# %% answer="ch11.trace"
# %%service points --worker
import json
import os
import re
import secrets
import time

import pika

QUEUE = "points.commandes"
TRACEPARENT = re.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


def write_span(trace_id, span_id, parent_id, start):
    """Écrit un segment fini, comme les autres services ; `start` vient de time.time()."""
    span = {"kind": "span", "name": f"process {QUEUE}", "span_kind": "consumer"}
    span |= {"trace_id": trace_id, "span_id": span_id, "parent_id": parent_id, "status": "ok"}
    span |= {"start": start, "duration": time.time() - start}
    span["attributes"] = {"messaging.destination.subscription.name": QUEUE}
    print(json.dumps(span), flush=True)


def publish(channel, event, headers):
    properties = pika.BasicProperties(headers=headers, delivery_mode=2)
    channel.basic_publish("shop.events", "points.earned", json.dumps(event), properties)


def on_message(channel, headers, order):
    """Donne un point par euro ; `headers` est un dictionnaire, vide s’il n’y a pas d’en-tête."""
    event = {
        "type": "POINTS_EARNED",
        "data": {"order_id": order["order_id"], "points": order["total_cents"] // 100},
    }
    ### BEGIN SOLUTION
    start, span_id = time.time(), secrets.token_hex(8)
    match = TRACEPARENT.fullmatch(headers.get("traceparent", ""))
    trace_id, parent_id, flags = match.groups() if match else ("", "", "")
    if not (trace_id.strip("0") and parent_id.strip("0")):
        trace_id, parent_id, flags = secrets.token_hex(16), None, "01"
    outgoing = {"traceparent": f"00-{trace_id}-{span_id}-{flags}"}
    if "x-correlation-id" in headers:
        outgoing["x-correlation-id"] = headers["x-correlation-id"]
    publish(channel, event, outgoing)
    write_span(trace_id, span_id, parent_id, start)
    ### END SOLUTION


def main():
    """Lit la file, indéfiniment."""
    channel = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
    channel.exchange_declare("shop.events", "topic", durable=True)
    channel.queue_declare(QUEUE, durable=True)
    channel.queue_bind(QUEUE, "shop.events", "order.confirmed")
    for method, properties, body in channel.consume(QUEUE):
        on_message(channel, properties.headers or {}, json.loads(body)["data"])
        channel.basic_ack(method.delivery_tag)


main()

# %% check="ch11.trace"
check("ch11.trace")

# %% [markdown]
# Votre worker est-il dans la trace d’une vraie commande ?

# %%
print(*services_in(shop, shop.post("/orders", MUG)), sep=", ")

# %% [markdown]
# ## Pour aller plus loin
#
# ### Combien d’erreurs a-t-on le droit de faire ?
#
# Un **objectif de niveau de service** (*service level objective*) dit une part de réussites, par exemple 99,9 % sur trente jours. Le reste, 0,1 %, est le **budget d’erreur** (*error budget*) : on le dépense en pannes et en mises en production. Ici une réponse du catalogue sur cinq échoue. **Votre pari** : à ce rythme, en combien de minutes le budget des trente jours est-il épuisé ?

# %%
bet("ch11.budget")

# %%
from course.ch11.experiments import minutes_left, look_from_outside

with broken(shop, "products", error_rate=0.2):
    failing = red(shop, lambda: look_from_outside(shop, "/products", 80))
print(f"{100 * failing.errors('gateway'):.0f} % d’erreurs à la passerelle")
settle("ch11.budget", minutes_left(failing.errors("gateway")))

# %% [markdown]
# Quelques heures pour un mois entier : c’est ce **rythme de consommation** (*burn rate*) qui doit réveiller quelqu’un la nuit, et non chaque erreur.
#
# ### Que cache un client poli ?
#
# On interroge *products* à un rythme régulier, et pendant un tiers de l’essai son processus est **gelé**. Un client attend chaque réponse avant d’envoyer la suivante, et chronomètre depuis l’envoi : c’est ce que font la plupart des outils. **Votre pari** : quel p99 annonce-t-il, comparé à la durée du gel ?

# %%
bet("ch11.omission")

# %%
from course.ch11.experiments import announced, frozen_load

clocks = frozen_load(shop, "products", "/products/LAMP")
display(show.distribution(clocks, title="Le même essai, deux chronomètres"))
settle("ch11.omission", announced(clocks))

# %% [markdown]
# Un seul essai, deux vérités. Gelé, le service n’a reçu qu’**une** requête : le client, poli, a cessé d’en envoyer, et n’a noté qu’une mauvaise mesure. De vrais clients seraient venus à leur heure. Compter depuis l’heure prévue corrige cette **omission coordonnée** (*coordinated omission*).
#
# ### Trouvez le défaut
#
# Ce service interroge deux fournisseurs à la fois. Sa réponse est juste. Regardez sa trace.

# %%
# %%service devis
import os
from concurrent.futures import ThreadPoolExecutor

import requests
from flask import Flask

app = Flask(__name__)
pool = ThreadPoolExecutor(16)


def ask(service, path):
    found = requests.get(f"{os.environ['REGISTRY_URL']}/instances/{service}", timeout=5).json()
    return requests.get(found["instances"][0]["url"] + path, timeout=5).json()


@app.get("/quotes/<sku>")
def show_quote(sku):
    product = pool.submit(ask, "products", f"/products/{sku}")
    stock = pool.submit(ask, "inventory", f"/stock/{sku}")
    return {
        "price_cents": product.result()["price_cents"],
        "available": stock.result()["available"],
    }


# %%
quote = shop["devis"].get("/quotes/LAMP")
display(quote)
shop.trace(quote)

# %% [markdown]
# ### Exercice : la trace perdue
#
# Réparez `devis` (*quote*). Sa réponse ne change pas ; pour chaque devis, chaque fournisseur est interrogé une fois, les deux **en même temps** ; et chaque requête a sa trace entière, où les deux fournisseurs descendent de `devis`. La vérification demande un devis, puis cinq à la fois, avec des fournisseurs ralentis, et regarde les traces.
#
# Le châssis de la boutique, qui fait tourner votre service, ajoute lui-même `traceparent` à vos appels `requests`. Il garde la requête en cours dans une **variable de contexte** (*context variable*) à lui, du module `contextvars` de Python : copier le contexte de Flask ne suffit pas.

# %% answer="ch11.lost"
# %%service devis
### BEGIN SOLUTION
import contextvars
import os
from concurrent.futures import ThreadPoolExecutor

import requests
from flask import Flask

app = Flask(__name__)
pool = ThreadPoolExecutor(16)


def ask(service, path):
    found = requests.get(f"{os.environ['REGISTRY_URL']}/instances/{service}", timeout=5).json()
    return requests.get(found["instances"][0]["url"] + path, timeout=5).json()


def submit(*task):
    """Donne à la réserve une tâche, et le contexte de la requête en cours."""
    return pool.submit(contextvars.copy_context().run, *task)


@app.get("/quotes/<sku>")
def show_quote(sku):
    product = submit(ask, "products", f"/products/{sku}")
    stock = submit(ask, "inventory", f"/stock/{sku}")
    return {
        "price_cents": product.result()["price_cents"],
        "available": stock.result()["available"],
    }
### END SOLUTION
### BEGIN STUB
# from flask import Flask
#
# app = Flask(__name__)
#
# # Collez ici le reste du service ci-dessus, réparé.
#
#
# @app.get("/quotes/<sku>")
# def show_quote(sku):
#     # À vous de jouer
#     raise NotImplementedError
### END STUB

# %% check="ch11.lost"
check("ch11.lost")

# %%
progress()

# %% [markdown]
# Résumez ce chapitre pour vous-même, en deux phrases. Elles restent dans votre journal de bord.

# %%
takeaway("ch11")

# %% [markdown]
# ## Ce que nous savons maintenant
#
# - Un **journal** dit ce qui est arrivé, une **métrique** combien de fois, une **trace** qui a fait attendre.
# - Une porte au vert ne prouve rien, une moyenne ne décrit presque personne : on mesure **ce que le client veut**.
# - Le fil passe par les en-têtes des appels **et des messages** : qui l’oublie coupe l’histoire en deux.
#
# Quels outils font cela à grande échelle ? C’est [la suite](course:next).
