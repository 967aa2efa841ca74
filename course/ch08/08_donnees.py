# %% [markdown]
# # Une base par service
#
# Chaque service garde ses données pour lui. Ce qui tenait en une transaction et une jointure tient maintenant en plusieurs messages.
#
# **À la fin, vous saurez**
#
# - dire ce qu’une mort laisse entre deux écritures ;
# - écrire une donnée et son événement, sans perdre l’un ni inventer l’autre ;
# - choisir entre appeler l’autre service et garder une copie ;
# - relire ce que vous venez d’écrire.

# %% [markdown]
# ## À qui est cette donnée ?
#
# À un seul service, son **propriétaire** (*owner*) : lui seul lit et écrit sa base. Le module dessine :
#
# ```mermaid
# graph TB
#     subgraph "User Service"
#         direction TB
#         US[User API] --> UDB[(Users DB)]
#     end
#
#     subgraph "Order Service"
#         direction TB
#         OS[Order API] --> ODB[(Orders DB)]
#     end
#
#     subgraph "Payment Service"
#         direction TB
#         PS[Payment API] --> PDB[(Payments DB)]
#     end
#
#     subgraph "Inventory Service"
#         direction TB
#         IS[Inventory API] --> IDB[(Inventory DB)]
#     end
# ```
#
# C’est le motif de la **base par service** (*database per service*). Passons une commande.

# %% tags=["setup"]
import time

from workbook import Shop, bet, check, hint, progress, settle, solution, takeaway
from course.ch08.experiments import Arrivals, OwnReads, deaths, kill_orders
from course.ch08.experiments import measure_delays, open_books, read_late, read_own
from course.ch08.experiments import tear, time_pages

services = ("gateway", "auth", "users", "products", "inventory", "payments", "orders")
shop = Shop.start(*services)
shop.sign_in("alice")
shop

# %%
shop.get("/users/me")
shop.post("/orders", {"items": [{"sku": "LAMP", "quantity": 1}], "card": "tok_visa"})
shop.map()

# %% [markdown]
# Chaque cylindre est à un service. Aucune flèche ne mène à la base d’un autre.
#
# ## Que reste-t-il quand on meurt entre deux écritures ?
#
# *orders* écrit la commande dans **sa** base, puis publie l’événement : deux systèmes, sans transaction commune. C’est la **double écriture** (*dual write*). Un vrai service exécute ces lignes ; nous le tuons (`kill -9`) après chacun de ses effets, puis le relançons. Le client ne recommence pas.

# %%
deaths("""
with transaction() as db:
    db.execute("INSERT INTO orders VALUES (:id, :sku)", order)
publish({"type": "ORDER_CREATED", "order_id": order["id"]})
""")

# %% [markdown]
# Écrite, jamais annoncée : c’est un **événement perdu** (*lost event*). Un remède courant, publier **dans** la transaction : si la publication échoue, rien n’est écrit. **Votre pari** : que peut alors laisser une mort ?

# %%
bet("ch08.inside")

# %%
inside = deaths("""
with transaction() as db:
    db.execute("INSERT INTO orders VALUES (:id, :sku)", order)
    publish({"type": "ORDER_CREATED", "order_id": order["id"]})
""")
display(inside)
settle("ch08.inside", inside.left())

# %% [markdown]
# Un **événement fantôme** (*phantom event*) : le stock prépare une commande qui n’existe pas. Annuler une transaction ne reprend pas un message. Aucun ordre n’est bon.
#
# ## Comment n’écrire qu’une fois ?
#
# Notre *orders* écrit l’événement dans sa **base**, avec la commande, en une transaction : c’est la **boîte d’envoi** (*transactional outbox*). Un **relais** (*relay*) la lit, publie, attend la confirmation, puis note « publié ».
#
# Tuons *orders* en quatre endroits. **Votre pari** : combien d’événements, au plus, pour une même commande ?

# %%
bet("ch08.outbox")

# %%
survivors = kill_orders(shop)
display(survivors.table())
settle("ch08.outbox", survivors.most())

# %% [markdown]
# Ni perdu, ni fantôme, mais parfois **deux fois** : mort avant de noter, le relais recommence. Les lecteurs savent [ignorer un doublon](course:ch07).
#
# ### Exercice : ni perdue, ni fantôme
#
# Complétez la caisse. `POST /orders` reçoit `{"id": …, "sku": …}`, deux textes, et répond 201. Deux secondes après la réponse, ou après la relance, au plus :
#
# - chaque commande de la table `orders` a son événement dans la file, `{"type": "ORDER_CREATED", "order_id": …}` ;
# - chaque événement a sa commande dans la table.
#
# Sans panne, un seul événement par commande ; relancée quand tout était annoncé, la caisse ne publie rien. Si elle meurt au travail, un doublon n’est pas une faute. Ne touchez ni à `transaction`, ni à `publish`. D’autres tables sont permises. Une table déjà créée garde ses colonnes quand vous relancez la cellule : pour les changer, prenez un autre nom de table.
#
# La vérification lance votre caisse dans un dossier vide. Elle commande : chaque commande part après la réponse à la précédente, qui n’est peut-être pas encore annoncée. Elle tue la caisse entre deux de ses effets (une base écrite, un message publié, une réponse), la relance, et attend : personne ne recommence. Chaque commande a un autre `id`, et le courtier ne meurt pas.

# %% answer="ch08.outbox"
# %%service caisse
import json
import os
import sqlite3
from contextlib import closing, contextmanager

import pika
from flask import Flask, request

app = Flask(__name__)
QUEUE = "ventes.annoncees"


@contextmanager
def transaction():
    """Tout ce que fait le bloc, ou rien."""
    with closing(sqlite3.connect("caisse.db")) as db, db:
        yield db


def publish(event):
    """Publie l’événement ; ne revient que si le courtier l’a confirmé."""
    with pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.queue_declare(QUEUE, durable=True)
        persistent = pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent)
        channel.basic_publish("", QUEUE, json.dumps(event), persistent)


with transaction() as db:
    db.execute("CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, sku TEXT)")
    db.execute("CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY, event TEXT)")


@app.post("/orders")
def place_order():
    """Écrit la commande, et ce qu’il faut pour l’annoncer."""
    order = request.get_json()
    ### BEGIN SOLUTION
    event = {"type": "ORDER_CREATED", "order_id": order["id"]}
    with transaction() as db:
        db.execute("INSERT INTO orders VALUES (:id, :sku)", order)
        db.execute("INSERT INTO outbox (event) VALUES (?)", [json.dumps(event)])
    relay()
    ### END SOLUTION
    return order, 201


def relay():
    """Publie ce qui attend, et le retire une fois confirmé."""
    ### BEGIN SOLUTION
    with transaction() as db:
        waiting = db.execute("SELECT id, event FROM outbox ORDER BY id").fetchall()
    for id, event in waiting:
        publish(json.loads(event))
        with transaction() as db:
            db.execute("DELETE FROM outbox WHERE id = ?", [id])
    ### END SOLUTION


### BEGIN SOLUTION
relay()  # une vie précédente a pu laisser des événements
### END SOLUTION
### BEGIN STUB
# # et au démarrage ?
### END STUB

# %% check="ch08.outbox"
check("ch08.outbox")

# %% [markdown]
# ## Que devient une jointure ?
#
# Trois petits services : *ventes* a les ventes, *carnet* les noms des clients, *bloc* les deux dans une base. La page : vingt ventes, avec le nom du client. *bloc* fait une **jointure** (*join*) ; *ventes* appelle *carnet* pour chaque ligne.
#
# **Votre pari** : combien de fois plus longue est la page de *ventes* ?

# %%
bet("ch08.join")

# %%
open_books(shop)
pages = time_pages(shop)
display(pages.picture())
settle("ch08.join", pages.ratio())

# %% [markdown]
# Une requête pour la liste, puis une par ligne : ce sont les **N + 1 appels** (*N + 1 problem*). Deux remèdes :
#
# - demander tous les noms d’un coup, par **lot** (*batch*) : un seul appel ;
# - garder une **copie locale** (*local copy*), que *ventes* tient à jour en lisant les événements de *carnet*. Plus aucun appel, même si *carnet* est mort. La copie ne s’écrit pas : le propriétaire reste *carnet*.

# %%
shop.map()

# %% [markdown]
# Alice change de nom sans cesse pendant que nous lisons la page. Elle n’a qu’un nom à la fois. **Votre pari**, avec un appel par ligne : combien de pages sur dix lui en donnent deux ?

# %%
bet("ch08.torn")

# %%
torn = tear(shop)
display(torn.table())
settle("ch08.torn", torn["appels"])

# %% [markdown]
# C’est une **lecture déchirée** (*torn read*) : des morceaux lus à des moments différents, une page qui n’a jamais été vraie. Le lot lit tous les noms au même instant ; mais les ventes, elles, ont été lues juste avant. Seule la jointure voit **un** instant.
#
# ## De combien la copie est-elle en retard ?
#
# Un changement passe par la boîte d’envoi, le courtier, la file. **Votre pari** : combien de temps, le plus souvent ?

# %%
bet("ch08.stale")

# %%
delays = measure_delays(shop)
display(delays.picture())
settle("ch08.stale", delays.typical())

# %% [markdown]
# Ce **retard** (*staleness*) est une distribution, non un nombre : il s’allonge quand les changements affluent. Aucune borne : si *ventes* dort une heure, il dure une heure. Sans nouveau changement, la copie finit juste : c’est la **cohérence à terme** (*eventual consistency*).
#
# ### Exercice : une copie qui ne recule jamais
#
# Écrivez `Copy`, la copie locale des noms. `Copy()` est vide. Un événement a une version, qui croît d’un changement à l’autre d’**un même** client :
#
# ```python
# {"type": "CUSTOMER_CHANGED", "customer": "zoe",
#  "version": 2, "name": "Zoé Petit"}
# {"type": "CUSTOMER_DELETED", "customer": "zoe", "version": 3}
# ```
#
# Les événements arrivent en double et dans le désordre. Après chacun, `name(customer)` rend le nom à la plus grande version **arrivée**, même s’il en manque avant ; `None` pour un client supprimé ou inconnu. Un client supprimé peut revenir, sous une version plus grande.
#
# La vérification livre de courtes histoires, dans tous les ordres, avec tous les doublons, et regarde après chaque événement.

# %% answer="ch08.names"
class Copy:
    """Les noms des clients, tels que leurs événements les disent."""

    def __init__(self):
        ### BEGIN SOLUTION
        self.known = {}  # client → (version, nom) ; un nom None : supprimé
        ### END SOLUTION

    def on_event(self, event):
        ### BEGIN SOLUTION
        version, _ = self.known.get(event["customer"], (0, None))
        if event["version"] > version:
            self.known[event["customer"]] = event["version"], event.get("name")
        ### END SOLUTION

    def name(self, customer):
        """Le nom du client, ou None."""
        ### BEGIN SOLUTION
        return self.known.get(customer, (0, None))[1]
        ### END SOLUTION


# %% check="ch08.names"
check("ch08.names", Copy)

# %% [markdown]
# ## Puis-je relire ce que je viens d’écrire ?
#
# Alice change son nom chez *carnet*, et recharge aussitôt la page, que *ventes* remplit avec sa copie. **Votre pari** : sur vingt fois, combien de fois voit-elle l’ancien nom ?

# %%
bet("ch08.own")

# %%
reads = OwnReads()
reads["la copie"] = read_own(shop, with_version=False)
reads["la copie, avec la version écrite"] = read_own(shop, with_version=True)
display(reads.table())
settle("ch08.own", reads["la copie"].old)

# %% [markdown]
# Alice croit que rien n’est enregistré, et recommence. Il lui faut **lire ses propres écritures** (*read your writes*). À l’écriture, *carnet* répond la version ; la lecture la présente. La copie est trop vieille ? *ventes* demande à *carnet*, cette fois seulement. Les autres lectures ne coûtent aucun appel.

# %% [markdown]
# ## Pour aller plus loin
#
# ### Un numéro de version suffit-il ?
#
# Zoé s’inscrit (v1), change de nom (v2), s’en va (v3). Chaque événement arrive **deux fois**, dans n’importe quel ordre : 90 arrivées possibles. Essayons-les toutes sur une copie qui croit le dernier venu.

# %%
def trust_the_last(copy, event):
    if event["type"] == "CUSTOMER_DELETED":
        copy.pop(event["customer"], None)
    else:
        copy[event["customer"]] = event


Arrivals(trust_the_last)

# %% [markdown]
# La suivante compare les versions, et efface la ligne d’un client parti. **Votre pari** : dans combien d’arrivées Zoé revient-elle encore ?

# %%
bet("ch08.tombstone")

# %%
def compare_versions(copy, event):
    known = copy.get(event["customer"], {"version": 0})
    if event["version"] > known["version"]:
        trust_the_last(copy, event)


arrivals = Arrivals(compare_versions)
print(arrivals)
settle("ch08.tombstone", len(arrivals.ghosts))

# %% [markdown]
# Pas une de moins. En effaçant la ligne, on efface aussi sa **version** : le premier vieil événement venu paraît nouveau. Il faut garder une **pierre tombale** (*tombstone*), la version de la suppression.
#
# ### Exercice : trouver le défaut
#
# Votre collègue veut lire ses propres écritures. Il compare des heures : la copie est bonne, pense-t-il, si elle est arrivée après mon écriture.

# %%
class ClockReader:
    """Lit la copie, ou demande à carnet si elle est trop vieille."""

    def __init__(self, ask):
        self.ask, self.copy = ask, {}

    def on_event(self, event):
        self.copy[event["customer"]] = {**event, "copied_at": time.time()}

    def read(self, customer, written):
        known = self.copy.get(customer)
        if known and (written is None or known["copied_at"] >= written["at"]):
            return known["name"]
        return self.ask(customer)["name"]


# %% [markdown]
# Tout est sur une machine : les horloges sont d’accord. Bob renomme Alice, puis Alice se renomme ; l’événement de Bob arrive, le sien est encore en route. Elle lit. **Votre pari** : sur vingt fois, combien de lectures sont plus vieilles que sa propre écriture ?

# %%
bet("ch08.clock")

# %%
old = read_late(shop, ClockReader)
print("Lectures trop vieilles :", old)
settle("ch08.clock", old)

# %% [markdown]
# Écrivez `OwnReader`, sans ce défaut. `on_event(event)` reçoit les événements de plusieurs clients ; ceux d’un même client arrivent dans l’ordre, chacun une fois. `read(customer, written)` rend le nom. `ask`, `written` et les événements parlent de la même façon :
#
# ```python
# {"customer": "alice", "name": "Alice Martin", "version": 7, "at": 1767e6}
# ```
#
# `written` est la réponse de *carnet* à la dernière écriture de **qui lit**, sur ce client ; `None` s’il n’a rien écrit. `at` est l’heure de *carnet* : on peut la remettre à l’heure, elle recule alors.
#
# - `read` ne rend jamais une version plus vieille que `written`.
# - `ask` est appelée si aucun événement de ce client n’est arrivé, ou si la copie est plus vieille que `written` ; une fois au plus. Dans tous les autres cas, elle n’est pas appelée.
#
# Garder la réponse de `ask`, ou `written`, est permis : moins d’appels n’est pas une faute. Ne supposez pas que le premier événement arrivé porte la version 1.
#
# La vérification joue toutes les suites de six actes au plus (j’écris, un autre écrit, un événement arrive, je lis), puis, de cinq au plus, celles où lit aussi un autre, qui n’a rien écrit.

# %% answer="ch08.own"
class OwnReader:
    """Lit la copie, ou demande à carnet si elle est trop vieille."""

    def __init__(self, ask):
        self.ask, self.copy = ask, {}

    def on_event(self, event):
        ### BEGIN SOLUTION
        self.copy[event["customer"]] = event
        ### END SOLUTION

    def read(self, customer, written):
        """Le nom du client, à la version que j’ai écrite au moins."""
        ### BEGIN SOLUTION
        known = self.copy.get(customer)
        if known and (written is None or known["version"] >= written["version"]):
            return known["name"]
        return self.ask(customer)["name"]
        ### END SOLUTION


# %% check="ch08.own"
check("ch08.own", OwnReader)

# %% [markdown]
# Dites ce chapitre en deux phrases.

# %%
takeaway("ch08")

# %% [markdown]
# ## Ce que nous savons maintenant
#
# - Deux écritures dans deux systèmes ne font jamais une transaction. La **boîte d’envoi** n’en fait qu’une ; le relais publie **au moins une fois**.
# - Une jointure entre services coûte des appels, ou une copie. Aucune des deux ne voit **un seul** instant.
# - Une copie est en retard, sans borne. Une **version** dit de combien on a besoin ; une heure ne le dit pas.
#
# Une commande touche trois bases, et l’une refuse. Comment défaire ce qui est fait ailleurs ? C’est [la suite](course:next).
