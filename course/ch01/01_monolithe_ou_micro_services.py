# %% [markdown]
# # Monolithe ou micro-services
#
# Couper une application se décide en une réunion, et se paie des années : mesurons d’abord.
#
# **À la fin, vous saurez**
#
# - prévoir ce qu’arrête une fonction qui se fige, ou qui meurt ;
# - chiffrer le prix d’un appel qui traverse le réseau ;
# - dire ce que l’on gagne à copier un bloc ;
# - sortir une fonction d’un bloc sans refuser un seul client.

# %% [markdown]
# ## La même boutique, sous deux formes ?
#
# Pensez à une entreprise. Un seul bureau géant, où tous travaillent : c’est le **monolithe** (*monolith*), un programme, une base de données. Des départements dans des bureaux séparés, qui collaborent : ce sont les **micro-services** (*microservices*), de petits services métier autonomes, déployés indépendamment, qui se parlent par des API bien définies.
#
# Notre boutique existe sous les deux formes : ouvrons-les.

# %% tags=["setup"]
from course.ch01.experiments import Block, open_facade, order_of
from workbook import Shop, bet, check, hint, progress, settle, solution, takeaway

Shop.start()
shop = Shop.start("monolith")
open_facade(shop)
shop

# %% [markdown]
# Voici le bloc, derrière un **répartiteur de charge** (*load balancer*), qui reçoit les clients : ici, `facade`.
#
# ```mermaid
# graph TB
#     U[Utilisateurs] --> LB[Load Balancer]
#     LB --> M[Application Monolithique]
#     M --> DB[(Base de données unique)]
#
#     subgraph "Monolithe"
#         M --> UI[Interface Utilisateur]
#         M --> BL[Logique Métier]
#         M --> DA[Accès aux données]
#     end
# ```

# %%
block = Block(shop)
bought = block.order("LAMP")
shop.trace(bought)

# %% [markdown]
# Les quatre dernières étapes sont des appels de fonction, dans un seul processus. Simple au début, facile à tester et à déployer. En grandissant, le bloc devient complexe ; il garde une seule technologie, et se déploie tout entier.
#
# La même boutique, coupée :
#
# ```mermaid
# graph TB
#     U[Utilisateurs] --> AG[API Gateway]
#     AG --> MS1[Service Utilisateurs]
#     AG --> MS2[Service Commandes]
#     AG --> MS3[Service Paiements]
#     AG --> MS4[Service Notifications]
#
#     MS1 --> DB1[(DB Users)]
#     MS2 --> DB2[(DB Orders)]
#     MS3 --> DB3[(DB Payments)]
#     MS4 --> MQ[Message Queue]
# ```

# %%
shop.sign_in("alice")
shop.get("/users/me")
order = shop.post("/orders", order_of("LAMP"))
shop.get(f"/orders/{order.json()['id']}/summary")
shop.map()

# %% [markdown]
# Chaque flèche du schéma est là, et d’autres : les services s’appellent entre eux. On attend de cette forme que chaque service grandisse seul, choisisse sa technologie, appartienne à une équipe. Le prix : une communication complexe, une gestion distribuée.
#
# ## Qui s’arrête quand une fonction se fige ?
#
# Fiches, commandes, rapports : un rapport demande ses chiffres à un partenaire, qui ne répond jamais. Trois formes :
#
# - **le bloc**, un seul processus ;
# - **le bloc à cloisons**, un processus aussi, mais deux places par fonction : un client en trop reçoit 503, sans attendre ;
# - **trois services**, trois processus.
#
# Douze lecteurs demandent un rapport, puis dix clients une fiche, et dix une commande.

# %%
bet("ch01.hang")

# %%
from course.ch01.experiments import while_reports_hang

hung = while_reports_hang(shop)
display(hung)
settle("ch01.hang", hung.survivors())

# %% [markdown]
# Un processus sert ici huit clients à la fois, un par **fil d’exécution** (*thread*). Dans le bloc, les rapports ont pris les huit. Une **cloison** (*bulkhead*) ne leur en laisse que deux. Un bloc aux parties bien séparées est un **monolithe modulaire** (*modular monolith*) : il survit sans être coupé.
#
# Et si un rapport prend tant de mémoire que le système tue le processus ?

# %%
bet("ch01.death")

# %%
from course.ch01.experiments import after_reports_die

dead = after_reports_die(shop)
display(dead)
settle("ch01.death", dead.survivors())

# %% [markdown]
# Une cloison arrête ce qui attend, pas ce qui meurt. Ce qu’une panne emporte est son **rayon d’explosion** (*blast radius*).
#
# ### Exercice : des cloisons dans le bloc
#
# Écrivez `compartment(part)`, qui entoure chaque vue. Au plus **deux** requêtes à la fois par partie ; une de trop reçoit **503 tout de suite**, et les autres parties répondent comme avant. Une place se rend à la fin, même après une erreur ; un refus ne prend aucune place, et n’en rend aucune.
#
# La vérification joue le partenaire : elle le fige, envoie dix clients à la fois à *reports*, puis à *orders* et visite les autres parties. Le partenaire répond aussi 500, ou refuse la connexion : cette erreur n’est pas un refus, la route ne répond pas 503. Changez tout, sauf ce que répondent les trois routes.

# %% answer="ch01.bulkhead"
# %%service bloc
import threading
from contextlib import contextmanager

import requests
from flask import Flask, abort, request

app = Flask("bloc")
free = {}  # à vous de choisir ce qu’il contient


@contextmanager
def compartment(part):
    """Prend une place dans une partie du bloc, et la rend à la fin."""
    ### BEGIN SOLUTION
    if not free[part].acquire(blocking=False):
        abort(503, f"La partie {part} est pleine.")
    try:
        yield
    finally:
        free[part].release()


for name in ("products", "orders", "reports"):
    free[name] = threading.Semaphore(2)
    ### END SOLUTION


@app.get("/products/<sku>")
def show_product(sku):
    with compartment("products"):
        return {"sku": sku, "price_cents": 3990}


@app.get("/orders")
def show_orders():
    with compartment("orders"):
        return ask(request.args["partner"])


@app.get("/reports")
def show_reports():
    with compartment("reports"):
        return ask(request.args["partner"])


def ask(partner):
    """Attend la réponse d’un partenaire, aussi longtemps qu’il le veut."""
    answer = requests.get(partner)
    answer.raise_for_status()
    return answer.text


# %% check="ch01.bulkhead"
check("ch01.bulkhead")

# %% [markdown]
# ## Que coûte un appel qui traverse le réseau ?
#
# Une fonction d’une ligne donne le prix d’une lampe. On l’appelle dans le même processus, puis dans un autre, par HTTP.

# %%
bet("ch01.call")

# %%
from course.ch01.experiments import call_near_and_far

costs = call_near_and_far(shop)
display(costs)
settle("ch01.call", costs.ratio)

# %% [markdown]
# Le trajet coûte bien plus que le travail : écrire, traverser le système, attendre son tour, relire. Et cet appel-là peut échouer.
#
# Une vraie commande travaille davantage. Comptons le **temps de processeur** (*CPU time*), celui que facture un hébergeur, pour dix commandes de chaque forme.

# %%
bet("ch01.order")

# %%
from course.ch01.experiments import weigh_an_order

effort = weigh_an_order(shop, block)
display(effort)
settle("ch01.order", effort.ratio)

# %% [markdown]
# Le bloc écrit tout en **une** transaction. Les services en font plusieurs, dans plusieurs bases, et notent de quoi survivre à une mort entre deux. RabbitMQ n’est pas compté.
#
# ## Que gagne-t-on à copier ?
#
# Une boutique pleine demande un **passage à l’échelle** (*scaling*) : plusieurs exemplaires derrière le répartiteur. Des services, on copie celui qui souffre ; d’un bloc, on copie tout. Trente lecteurs demandent un rapport.

# %%
from course.ch01.experiments import price_of_copies

price_of_copies(shop)

# %% [markdown]
# Copier le tout sert autant de clients, et ne coûte guère plus de mémoire : l’essentiel est Python et ses bibliothèques. La différence est ailleurs : on ne copie sans risque que ce qui ne **retient rien en mémoire**, et un bloc copie aussi ses défauts.
#
# ## Peut-on couper sans fermer ?
#
# On remplace un bloc fonction par fonction, derrière une **façade** (*facade*) qui sait qui répond à quoi : c’est le **figuier étrangleur** (*strangler fig*). Trois clients lisent `/stock` sans arrêt ; sa route passe du bloc à *inventory*.

# %%
from course.ch01.experiments import move_stock_under_traffic

move = move_stock_under_traffic(shop)
move

# %% [markdown]
# Pas une requête perdue. Vendons trois lampes par la façade : `/orders` appartient encore au bloc.

# %%
bet("ch01.moved")

# %%
from course.ch01.experiments import units_shown

before = units_shown(shop)
sales = [block.order("LAMP") for _ in range(3)]
settle("ch01.moved", before - units_shown(shop))

# %% [markdown]
# Zéro erreur, et un stock faux : le bloc a vendu dans **sa** base, *inventory* montre la sienne. Une route déplacée n’emporte pas ses données.
#
# ### Exercice : sortir le stock du bloc, sans fermer
#
# Écrivez `move_stock(facade, old, new)` : trois clients, qui s’emploient comme `shop` ; un appel à un service mort lève une exception. L’ancien service tient le stock, le nouveau est vide ; des clients achètent par la façade.
#
# | Appel | Effet |
# |---|---|
# | `old.get("/stock").json()` | tout le stock, comme `{"LAMP": 12, "MUG": 0}` |
# | `new.put("/stock/LAMP", {"available": 12})` | 200 si c’est écrit ; 503 s’il ne peut pas |
# | `facade.post("/facade/hold?part=stock")` | dès qu’il répond, les requêtes pour `/stock` attendent à la porte, et celles déjà entrées sont finies |
# | `facade.put("/facade/routes/stock", {"service": "nouveau"})` | la route mène au nouveau |
# | `facade.post("/facade/release")` | la porte se rouvre |
#
# Elle renvoie `True` une fois tout déménagé, articles épuisés compris. Aucun client n’est refusé, aucune unité perdue ou vendue deux fois. Si une écriture échoue, ou si le nouveau meurt avant la dernière, l’ancien continue, porte ouverte : renvoyez `False`, ou laissez passer l’exception. Vous pouvez réessayer une écriture refusée : si elle passe, continuez.
#
# La vérification rejoue le déménagement : chaque fois, un client achète juste avant un autre de vos appels, jusqu’à la dernière unité. Puis elle refuse vos écritures, une à chaque fois ; enfin, elle tue le nouveau service au départ, puis avant chacune de vos écritures.

# %% answer="ch01.strangle"
def move_stock(facade, old, new):
    """Déménage le stock de l’ancien service au nouveau ; True si c’est fait."""
    ### BEGIN SOLUTION
    facade.post("/facade/hold?part=stock")
    try:
        for sku, available in old.get("/stock").json().items():
            if not new.put(f"/stock/{sku}", {"available": available}).ok:
                return False
        facade.put("/facade/routes/stock", {"service": "nouveau"})
        return True
    finally:
        facade.post("/facade/release")
    ### END SOLUTION


# %% check="ch01.strangle"
check("ch01.strangle", move_stock)

# %% [markdown]
# ## Pour aller plus loin
#
# ### Que casse-t-on en copiant ?
#
# Notre bloc examine **dix** mots de passe par minute pour un compte, puis répond 429 ; il les compte en mémoire. Avec trois exemplaires, un voleur envoie 36 mots de passe faux.

# %%
bet("ch01.guesses")

# %%
from course.ch01.experiments import guess_passwords

tripled = guess_passwords(shop, "facade", "monolith", 3)
service = guess_passwords(shop, "gateway", "auth", 3, tries=12)
print(f"Trois blocs : {tripled} · trois services auth : {service}")
settle("ch01.guesses", tripled)

# %% [markdown]
# Aucune erreur, et une protection trois fois plus faible : chaque exemplaire compte pour soi. Le service *auth* compte dans sa base, la même pour tous.
#
# ### Couper suffit-il ?
#
# Trois services de nouveau, et les rapports se figent. Mais cette fois, une commande **appelle** d’abord les rapports, et attend leur réponse.

# %%
from course.ch01.experiments import when_orders_call_reports

linked = when_orders_call_reports(shop)
print(f"Fiches : {linked['products']} sur 10 · commandes : {linked['orders']} sur 10")

# %% [markdown]
# Le processus des commandes se porte bien, et ne sert plus personne : ses fils attendent tous. Un processus isolé n’isole pas celui qui l’appelle. Des services qui s’attendent en chaîne tombent ensemble, le réseau en plus : on parle de **monolithe distribué** (*distributed monolith*). Les délais et les disjoncteurs, plus loin dans le cours, répondent à cela.
#
# ### Trouvez le défaut
#
# Cette caisse donne un numéro à chaque commande, et sait la relire. Seule, elle est juste.

# %%
# %%service caisse
import itertools
from flask import Flask, abort, request

app = Flask("caisse")
numbers, orders = itertools.count(1), {}


@app.post("/orders")
def place_order():
    number = next(numbers)
    orders[number] = request.get_json()
    return {"number": number}, 201


@app.get("/orders/<int:number>")
def show_order(number):
    return orders.get(number) or abort(404)


# %%
from course.ch01.experiments import ring_up

ring_up(shop)

# %% [markdown]
# ### Exercice : une caisse que l’on peut copier
#
# Réécrivez les deux routes, mêmes chemins et mêmes réponses : POST reçoit un objet JSON, jamais vide, et rend 201 et `{"number": …}`, un entier positif ; GET rend la commande telle qu’elle fut envoyée, ou 404. Cette fois, la caisse reste juste en trois exemplaires, même si des commandes arrivent au même moment : un numéro ne sert qu’une fois, et chaque exemplaire relit toutes les commandes. Un redémarrage n’oublie aucune commande, et ne redonne aucun numéro.
#
# Tous les exemplaires ont le même dossier : `sqlite3.connect("caisse.db")` leur ouvre la même base. La vérification part d’un dossier vide, lance un exemplaire, puis trois, commande chez chacun à tour de rôle, puis chez deux au même moment, relit partout, puis les tue tous et les relance.

# %% answer="ch01.copies"
# %%service caisse
import json
import sqlite3
from contextlib import closing

from flask import Flask, abort, request

app = Flask("caisse")


@app.post("/orders")
def place_order():
    """Garde la commande et lui donne un numéro."""
    ### BEGIN SOLUTION
    with closing(database()) as base, base:
        body = json.dumps(request.get_json())
        added = base.execute("INSERT INTO orders (body) VALUES (?)", [body])
        return {"number": added.lastrowid}, 201
    ### END SOLUTION


@app.get("/orders/<int:number>")
def show_order(number):
    """Rend la commande de ce numéro, ou 404."""
    ### BEGIN SOLUTION
    with closing(database()) as base:
        row = base.execute("SELECT body FROM orders WHERE number = ?", [number]).fetchone()
    return json.loads(row[0]) if row else abort(404)


def database():
    base = sqlite3.connect("caisse.db", timeout=10)
    base.execute(
        "CREATE TABLE IF NOT EXISTS orders (number INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT)"
    )
    return base
    ### END SOLUTION


# %% check="ch01.copies"
check("ch01.copies")

# %%
progress()

# %% [markdown]
# Résumez ce chapitre pour vous-même, en deux phrases. Elles restent dans votre journal de bord.

# %%
takeaway("ch01")

# %% [markdown]
# ## Ce que nous savons maintenant
#
# - On **meurt** par processus, on **attend** par fil : couper protège d’une mort, une cloison suffit contre une attente.
# - Un appel distant coûte des milliers d’appels de fonction, une commande plusieurs fois le processeur du bloc : on coupe pour une raison que l’on sait dire.
# - On coupe **sans fermer**, derrière une façade, et la donnée déménage avec sa route.
#
# **Où** couper ? C’est [la suite](course:next).
