# %% [markdown]
# # La passerelle, seule porte de la boutique
#
# Huit services, huit adresses : un client ne devrait pas avoir à les connaître. Une seule porte répond à tous, et décide qui passe.
#
# **À la fin, vous saurez**
#
# - reconnaître les cinq tâches d’une passerelle dans une requête ;
# - transmettre l’identité d’un client sans croire ce qu’il raconte ;
# - limiter le débit de chacun sans punir les autres ;
# - composer une réponse de trois services, même quand l’un est mort.

# %% tags=["setup"]
from workbook import Shop, bet, check, hint, progress, settle, show, solution, takeaway
from course.ch03 import experiments

shop = Shop.start()
shop.sign_out()
lamp = {"items": [{"sku": "LAMP", "quantity": 1}], "card": "tok_visa"}

# %% [markdown]
# ## Que peut faire un inconnu ?
#
# Un souvenir du [chapitre 0](course:ch00). Personne ne s’est présenté ; on lit le catalogue, puis on commande une lampe. **Votre pari** : qu’est-ce qui passe ?

# %%
bet("ch03.stranger")

# %%
catalogue, refused = shop.get("/products"), shop.post("/orders", lamp)
print(catalogue.status_code, refused.status_code, refused.headers["WWW-Authenticate"])
settle("ch03.stranger", experiments.who_passes(catalogue, refused))

# %% [markdown]
# La vitrine est publique, la caisse ne l’est pas : **401**, « dites d’abord qui vous êtes ». C’est l’**authentification** (*authentication*). Le programme qui tient cette porte est une **passerelle** (*API gateway*). Le module la dessine ainsi :
#
# ```mermaid
# graph LR
#     C[Client Mobile] --> AG[API Gateway]
#     W[Client Web] --> AG
#     T[Client Tiers] --> AG
#
#     AG --> |Route + Auth| MS1[User Service]
#     AG --> |Route + Auth| MS2[Order Service]
#     AG --> |Route + Auth| MS3[Payment Service]
#
#     AG --> |Logs| MON[Monitoring]
#     AG --> |Metrics| MON
# ```
#
# Alice se présente, commande, lit son profil et le résumé de sa commande. Comparez.

# %%
shop.sign_in("alice")
order = shop.post("/orders", lamp).json()
summary = f"/orders/{order['id']}/summary"
shop.get("/users/me"), shop.get(summary)
shop.map()

# %% [markdown]
# Les trois clients ne font qu’un rond, les trois services sont là. La surveillance n’a pas de flèche : nous la chercherons plus bas.
#
# ## Qui décide où va une requête ?
#
# Le **routage** (*routing*) est une table : à tel chemin, tel service. **Votre pari** : Alice demande le paiement de sa commande, `GET /charges/…`. *payments* connaît cette adresse. Qui répond ?

# %%
bet("ch03.hidden")

# %%
charge = f"/charges/{order['id']}"
paths = f"GET {charge}", "PUT /stock/LAMP", "GET /users/bob", "GET /orders/..%2fcharges"
display(experiments.routes_of(shop, *paths))
settle("ch03.hidden", experiments.who_answered(shop, shop.get(charge)))

# %% [markdown]
# Ce qui n’est pas dans la table n’existe pas pour le dehors : 404, ou 405 si seule la méthode manque. Le profil de Bob est arrivé, lui, à *users*, qui refuse Alice : **403**, « je sais qui vous êtes, vous n’en avez pas le droit ». C’est l’**autorisation** (*authorization*). Enfin, un chemin que deux serveurs liraient autrement, avec une barre cachée en `%2f`, est refusé : 400.
#
# ## Que sait le service de celui qui demande ?
#
# La porte lit le jeton, puis dit au service qui est là : `X-User-Id: alice`. Voici une porte écrite un peu vite.

# %%
# %%service door
import os

import requests
from flask import Flask, request

app = Flask(__name__)


def ask(service, path, headers):
    registry = os.environ["REGISTRY_URL"]
    found = requests.get(f"{registry}/instances/{service}", timeout=2).json()["instances"]
    return requests.get(found[0]["url"] + path, headers=headers, timeout=2)


@app.get("/products")
def show_products():
    headers = dict(request.headers)
    caller = ask("users", "/users/me", {"Authorization": headers.get("Authorization", "")})
    if caller.ok:
        headers["X-User-Id"] = caller.json()["id"]
    return ask("products", "/products", headers).json()


# %% [markdown]
# Un miroir prend la place de *products* : il rend les en-têtes qu’il reçoit. **Votre pari** : un inconnu, sans jeton, lit le catalogue et ajoute `X-User-Id: admin`. Qui le service croit-il servir ?

# %%
bet("ch03.forged")

# %%
doors = {"par cette porte": "door", "par la passerelle": "gateway"}
with experiments.mirror(shop):
    display(experiments.identities(shop, doors))
    settle("ch03.forged", experiments.who_is_served(shop, "door"))

# %% [markdown]
# Alice a un jeton : la porte écrase son mensonge. L’inconnu n’en a pas, et son mensonge passe : c’est l’**usurpation d’en-tête** (*header spoofing*). Il faut **retirer d’abord, écrire ensuite**, même sur une route publique. (Nos services, prudents, relisent aussi le jeton : chapitre 10.)
#
# La passerelle change d’autres en-têtes ; c’est la **transformation** (*transformation*). Suivons une requête d’Alice.

# %%
sent = {"Accept": "text/plain", "X-User-Id": "admin", "X-Forwarded-For": "8.8.8.8", "TE": "trailers"}
experiments.rewritten(shop, sent)

# %% [markdown]
# `TE` ne vaut que jusqu’à la porte : c’est un en-tête **de proche en proche** (*hop-by-hop*). Les deux derniers suivront la requête partout.
#
# ### Exercice : n’écouter que le jeton
#
# Écrivez `outgoing(headers, user)`, qui rend les en-têtes à transmettre au service : des couples, ou un dictionnaire. `headers` est la liste des couples `(nom, valeur)` du client ; `user`, l’identité lue dans son jeton, ou `None` sans jeton valable.
#
# - Aucun nom du client qui commence par `X-User-` ne passe, quelles que soient ses majuscules, et avec `_` ou `-` : certains serveurs les confondent.
# - Si `user` n’est pas `None`, un seul `X-User-Id` part, et le porte.
# - Tout le reste passe tel quel, dans l’ordre que vous voulez.
#
# La vérification essaie des centaines d’écritures, seules ou à plusieurs, vraies ou fausses, avec et sans jeton, et d’honnêtes voisins, comme `X-Userland`. Elle compare les noms sans regarder les majuscules.

# %% answer="ch03.headers"
def outgoing(headers, user):
    """Les en-têtes à transmettre au service."""
    ### BEGIN SOLUTION
    kept = [
        (name, value)
        for name, value in headers
        if not name.lower().replace("_", "-").startswith("x-user-")
    ]
    return kept if user is None else [*kept, ("X-User-Id", user)]
    ### END SOLUTION


# %% check="ch03.headers"
check("ch03.headers", outgoing)

# %% [markdown]
# ## Que faire d’un client trop pressé ?
#
# Pour la **limitation de débit** (*rate limiting*), chaque client a un **seau de jetons** (*token bucket*) : une requête prend un jeton, un seau vide refuse. Réglons la passerelle à 20 jetons au plus, et 1 de plus toutes les dix secondes. Alice envoie 60 requêtes d’affilée, puis un inconnu une seule. **Votre pari** : combien de celles d’Alice arrivent à *products* ?

# %%
bet("ch03.burst")

# %%
flood = experiments.flood(shop)
display(flood)
settle("ch03.burst", flood.passed)

# %% [markdown]
# Un tiers passe. Le reste reçoit **429 Too Many Requests**, avec `Retry-After` : quand revenir. L’inconnu a son propre seau, et n’en souffre pas.
#
# Tous les témoins comptent la même histoire : voilà les flèches *Logs* et *Metrics* du module. Mais la porte n’envoie rien. Ses journaux sont des lignes sur sa sortie ; ses **métriques** (*metrics*), des compteurs à son adresse `/metrics`, qu’un outil comme Prometheus vient lire.
#
# ## Pourquoi un seau, et pas un compteur ?
#
# Un compteur admet 10 requêtes par seconde, puis repart de zéro. Un seau contient 10 jetons et en gagne 10 par seconde. Un malin envoie 10 requêtes juste avant la fin d’une seconde, 10 juste après. (L’horloge est simulée.) **Votre pari** : de ces 20 requêtes en 20 ms, combien le compteur en admet-il ?

# %%
bet("ch03.edge")

# %%
edge = experiments.around_the_edge()
display(experiments.edge_picture(edge))
settle("ch03.edge", sum(edge["compteur par seconde"].values()))

# %% [markdown]
# À chaque seconde, le compteur oublie ce qu’il a admis : les services reçoivent le double en un instant. Le seau, lui, n’oublie pas.
#
# ### Exercice : un seau par client
#
# Complétez `Limiter`. Pour chaque requête, la porte appelle `take(client, now)` : un texte, et un instant en secondes, 0 compris, qui ne recule jamais. `take` rend **0** si la requête passe, sinon le **nombre de secondes** jusqu’au prochain jeton, à un millième près.
#
# - Chaque client a son seau, plein à sa première requête : `burst` jetons, un entier.
# - Il gagne `rate` jetons par seconde (entier ou non), en continu, sans dépasser `burst`.
# - Une requête qui passe prend un jeton ; une requête refusée n’en prend pas.
#
# La vérification crée des limiteurs de plusieurs réglages et avance `now` elle-même : rafales, pauses, retours trop tôt et à l’heure dite, puis toutes les suites de quatre requêtes de deux clients, à quatre pauses différentes.

# %% answer="ch03.limit"
class Limiter:
    """Un seau de jetons par client."""

    def __init__(self, rate, burst):
        self.rate, self.burst = rate, burst
        self.buckets = {}

    def take(self, client, now):
        """0 si la requête passe, sinon les secondes à attendre."""
        ### BEGIN SOLUTION
        tokens, since = self.buckets.get(client, (self.burst, now))
        tokens = min(self.burst, tokens + (now - since) * self.rate)
        passes = tokens >= 1
        self.buckets[client] = (tokens - passes, now)
        return 0 if passes else (1 - tokens) / self.rate
        ### END SOLUTION


# %% check="ch03.limit"
check("ch03.limit", Limiter)

# %% [markdown]
# ## Un appel, ou trois ?
#
# Le téléphone d’Alice montre une commande, son paiement et ses courriels : trois services. Il appelle une fois, la porte fait le reste : c’est l’**agrégation** (*API composition*). Qui attend qui ?

# %%
shop.get(summary)  # la passerelle vient de redémarrer : laissons-la s’échauffer
shop.trace(shop.get(summary))

# %% [markdown]
# D’abord la commande, pour savoir si elle est à Alice ; puis *payments* et *notifications* **ensemble**. **Votre pari** : *payments* meurt. Que répond la porte, qui a deux morceaux sur trois ?

# %%
bet("ch03.partial")

# %%
with experiments.dead(shop, "payments"):
    partial = shop.get(summary)
print(partial.status_code, partial.json()["charge"], partial.json()["missing"])
settle("ch03.partial", experiments.kind_of_answer(partial))

# %% [markdown]
# Deux morceaux valent mieux que rien, si l’on **dit ce qui manque**. Sans `missing`, le téléphone lirait « rien n’est payé », et ferait payer Alice deux fois. *Inconnu* n’est pas *vide*.
#
# ## Pour aller plus loin
#
# ### Que promet vraiment un seau ?
#
# Revenons au compteur et au seau, et laissons un client envoyer sans fin. Le compteur en laisse passer jusqu’à 20 dans une même seconde, à cheval sur deux. **Votre pari** : et le seau de 10 jetons, qui en gagne 10 par seconde ?

# %%
bet("ch03.second")

# %%
worst = experiments.worst_seconds()
display(show.table(("limiteur", "admises dans la pire seconde"), worst.items()))
settle("ch03.second", worst["seau de jetons"])

# %% [markdown]
# Presque autant que le compteur ! Le seau plein en donne 10, et les autres gouttent pendant la seconde. Il ne promet pas « 10 par seconde », mais deux choses : jamais plus de 10 **d’un coup**, et 10 par seconde **à la longue**. Le **journal glissant** (*sliding log*) tient le compte exact, et garde pour cela l’instant de chaque requête.
#
# ### Et avec plusieurs portes ?
#
# Une seule porte, c’est aussi un seul point de panne : on en met donc plusieurs. Un inconnu répartit 90 requêtes sur trois passerelles, réglées comme avant : 20 jetons, et 1 de plus toutes les dix secondes. **Votre pari** : combien passent ?

# %%
bet("ch03.doors")

# %%
one, three = (experiments.admitted_by(shop, doors=n) for n in (1, 3))
print(f"une porte : {one} · trois portes : {three}")
settle("ch03.doors", three)

# %% [markdown]
# Chaque passerelle garde ses seaux dans sa mémoire : trois portes, trois fois la limite. Il faut diviser le réglage, envoyer chaque client toujours à la même porte, ou mettre les seaux en commun (souvent dans Redis), ce qui ajoute un appel à chaque requête.
#
# ### Exercice : trouvez le défaut
#
# Une autre porte, `relay`, mène à une caisse, `till`. Deux plaintes : la liste des ventes « tombe au moindre accroc », et deux clients ont payé deux fois la même lampe. Essayons une lecture, puis une vente : chaque fois, la caisse fait son travail, mais coupe la connexion avant la fin de sa première réponse.

# %%
# %%service relay
import os

import requests
from flask import Flask, Response, abort, request

app = Flask(__name__)
TRIES = {"POST": 2}  # une vente compte : on insiste


@app.route("/sales", methods=["GET", "POST"])
def forward():
    for _ in range(TRIES.get(request.method, 1)):
        try:
            answer = send()
        except requests.RequestException:
            continue
        return Response(answer.content, answer.status_code, content_type="application/json")
    abort(502, "La caisse a coupé la connexion.")


def send():
    found = requests.get(f"{os.environ['REGISTRY_URL']}/instances/till", timeout=2).json()
    url = found["instances"][0]["url"] + "/sales"
    headers = {"Content-Type": "application/json"}
    return requests.request(request.method, url, data=request.get_data(), headers=headers, timeout=2)


# %%
experiments.complaints(shop)

# %% [markdown]
# Réparez le service `relay`. Une connexion rompue ne dit pas si le travail est fait, donc :
#
# - une lecture (GET) rompue est demandée de nouveau : trois fois au plus en tout, puis c’est 502 ;
# - une vente (POST) rompue n’est **jamais** refaite : 502, et le client sait qu’on ne sait pas ;
# - ce que la caisse répond en entier, réussite ou refus, est rendu tel quel, statut et corps JSON.
#
# La vérification fait rompre une, deux ou vingt réponses, et compte ce que la caisse a reçu et vendu.

# %% answer="ch03.relay"
# %%service relay
### BEGIN SOLUTION
import os

import requests
from flask import Flask, Response, abort, request

app = Flask(__name__)
TRIES = {"GET": 2}  # relire ne change rien


@app.route("/sales", methods=["GET", "POST"])
def forward():
    for _ in range(TRIES.get(request.method, 1)):
        try:
            answer = send()
        except requests.RequestException:
            continue
        return Response(answer.content, answer.status_code, content_type="application/json")
    abort(502, "La caisse a coupé la connexion.")


def send():
    found = requests.get(f"{os.environ['REGISTRY_URL']}/instances/till", timeout=2).json()
    url = found["instances"][0]["url"] + "/sales"
    headers = {"Content-Type": "application/json"}
    return requests.request(request.method, url, data=request.get_data(), headers=headers, timeout=2)
### END SOLUTION
### BEGIN STUB
# from flask import Flask
#
# app = Flask(__name__)
#
#
# @app.route("/sales", methods=["GET", "POST"])
# def forward():
#     # À vous de jouer : collez ici le service du dessus, et réparez-le.
#     raise NotImplementedError
### END STUB

# %% check="ch03.relay"
check("ch03.relay")

# %% [markdown]
# Ce défaut s’est trouvé, en une ligne de configuration, dans la passerelle d’un projet d’exemple connu. Et pour refaire une vente sans risque ? Il y faut une clé d’idempotence : chapitre 5.
#
# Résumez maintenant ce chapitre, pour vous, en deux phrases.

# %%
takeaway("ch03")

# %% [markdown]
# ## Ce que nous savons maintenant
#
# - Une passerelle **route, authentifie, limite, surveille et transforme** ; ce qui n’est pas dans sa table n’existe pas dehors.
# - Une identité ne se lit que dans le jeton : la porte **retire** d’abord ce que le client prétend être, **écrit** ensuite ce qu’il est.
# - Un seau borne une **rafale** et un débit **à la longue**, par client et par porte ; une réponse incomplète doit **dire ce qui manque**.
#
# La porte trouve ses services sans connaître leurs adresses : c’est l’affaire d’un annuaire. [Continuer la visite](course:next).
