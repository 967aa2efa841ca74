# %% [markdown]
# # Laboratoire 4 : des événements avec RabbitMQ
#
# Un client renvoie une lampe. Il faut le rembourser, remettre la lampe en rayon, et le prévenir ; chaque geste chez quelqu’un d’autre. Que reste-t-il si l’on meurt au milieu ?
#
# **À la fin, vous saurez**
#
# - installer un courtier, et y préparer les files d’un nouveau flux ;
# - publier depuis un service HTTP sans mentir à son client ;
# - lire sans oublier, sans répéter, et mettre de côté l’impossible ;
# - tester un envoi, et savoir si ce test vaut quelque chose ;
# - mener plusieurs effets à leur fin, quel que soit l’instant de la mort.

# %% [markdown]
# ## Qu’allez-vous construire ?
#
# ```mermaid
# graph TB
#     C[Client] -->|POST /returns| O[Orders]
#     O -->|return.requested| X[shop.events]
#     X --> R[Returns]
#     X --> N[Notifications]
#     R -->|POST /refunds| P[Payments]
#     R -->|return.completed| X
#     R --> D[returns.dead]
# ```
#
# *Payments* est donné ; le reste est à vous. C’est l’exercice 4 du module, puis le retour complet :
#
# | Sous-tâche | Étape | Points | Minutes |
# |---|---|---|---|
# | 1. configurer RabbitMQ avec Docker | 1. les files du retour | 6 | 20 |
# | 2. un publisher dans Orders | 2. publier une demande | 7 | 25 |
# | 3. un consumer dans Notifications | 3. prévenir le client | 8 | 25 |
# | 4. tester l’envoi | 4. un test qui attrape les fautes | 7 | 20 |
# | le flux entier | 5. reprendre un article (*plus loin*) | 10 | 30 |
#
# Chaque étape est un fichier à part : on peut s’arrêter après chacune, et reprendre un autre jour.

# %% tags=["setup"]
from workbook import Shop, bet, check, hint, progress, settle, solution, takeaway
from course.lab4.experiments import compose_lines, give_back, letters, loser
from course.lab4.experiments import shortest_death, where

shop = Shop.start("registry", broker=True)
print(where(shop.broker))

# %% [markdown]
# ## Étape 1 : de quoi un courtier a-t-il besoin ?
#
# Avec Docker, d’un fichier. Voici celui du cours, `docker-compose.yml` :

# %%
print(compose_lines())

# %% [markdown]
# Ligne à ligne : une **image** dont la version est fixée ; un **nom de machine** fixe, car RabbitMQ range ses données sous ce nom ; un **mot de passe** qui vient de l’environnement, jamais du fichier ; des **ports** ouverts à cette machine seulement ; un **volume**, qui garde les messages quand le conteneur meurt ; un **contrôle de santé**, pour que `--wait` attende vraiment. Dans un terminal, à la racine du cours :
#
# ```sh
# make env                                # écrit le mot de passe dans .env
# docker compose up -d --wait rabbitmq    # attend que RabbitMQ soit prêt
# ```
#
# Sans Docker, le carnet lance le RabbitMQ installé sur la machine : c’est un vrai, et la suite est la même.
#
# ### Exercice : les files du retour
#
# Écrivez `declare(channel)`, qui prépare un courtier vide.
#
# - L’échange `shop.events`, de type *topic*.
# - La file `returns.requested` reçoit ce qui y est publié sous la clé `return.requested`, et rien d’autre.
# - La file `notifications.returns` reçoit tout ce qui est publié sous `return.` suivi d’**un** mot, n’importe lequel. (Un mot est ce qui est entre deux points.)
# - Un message que rejette un lecteur de `returns.requested` (`basic_reject`, `requeue=False`) va dans la file `returns.dead`.
# - Tout est **durable** ; appelée une seconde fois, `declare` ne casse rien, et les messages qui attendent restent. Des files et des échanges de plus sont permis.
#
# La vérification l’appelle dans un hôte virtuel (*vhost*) à elle, publie, rejette, et regarde où arrivent les messages.

# %% answer="lab4.topology"
def declare(channel):
    """L’échange, les files, leurs liaisons."""
    ### BEGIN SOLUTION
    channel.exchange_declare("shop.events", "topic", durable=True)
    channel.queue_declare("returns.dead", durable=True)
    dead_letters = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "returns.dead"}
    channel.queue_declare("returns.requested", durable=True, arguments=dead_letters)
    channel.queue_declare("notifications.returns", durable=True)
    channel.queue_bind("returns.requested", "shop.events", "return.requested")
    channel.queue_bind("notifications.returns", "shop.events", "return.*")
    ### END SOLUTION


# %% check="lab4.topology"
check("lab4.topology", declare)

# %% [markdown]
# ## Étape 2 : que promet *Orders* à son client ?
#
# `POST /returns` reçoit une demande de retour, toujours bien formée ici : `order_id` et `sku`, des textes, `quantity` et `amount_cents`, des entiers. *Orders* ne rembourse personne : il publie, et répond.
#
# - **202** et `{"return_id": …}`, un texte, **seulement si l’événement est en lieu sûr** : le courtier a confirmé qu’une file l’a pris. Sinon **503** : aucune file n’attend l’événement, la file est pleine et le refuse, personne n’écoute à l’adresse du courtier, ou la connexion se coupe avant la confirmation.
# - L’événement part sur `shop.events`, sous `return.requested`. C’est un objet JSON : `type`, qui vaut `"RETURN_REQUESTED"`, `return_id`, et les quatre champs reçus. Des champs de plus sont permis.
# - Le message est **persistant**, et son `message_id` est le `return_id`.
# - Un même `order_id` donne toujours le **même** `return_id`, même avec une autre quantité, même si *Orders* a redémarré entre-temps (son dossier reste). Deux `order_id` donnent deux `return_id`. Publier deux fois n’est pas une faute.
#
# Votre service répond à plusieurs clients à la fois, et une connexion de pika ne sert qu’à un *thread* : la vérification envoie six retours ensemble. L’échange existe déjà, et *Orders* ne déclare aucune file ; l’adresse du courtier est dans `RABBITMQ_URL`.

# %% answer="lab4.publisher"
# %%service orders
import json
import os

import pika
from flask import Flask, abort, request

app = Flask(__name__)


@app.post("/returns")
def give_back():
    """Publie la demande ; 202 si elle est en lieu sûr, sinon 503."""
    ### BEGIN SOLUTION
    body = request.get_json()
    event = {"type": "RETURN_REQUESTED", "return_id": f"retour-{body['order_id']}", **body}
    properties = pika.BasicProperties(
        message_id=event["return_id"], delivery_mode=2, content_type="application/json"
    )
    try:
        with pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            channel.basic_publish(
                "shop.events", "return.requested", json.dumps(event), properties, mandatory=True
            )
    except pika.exceptions.AMQPError:
        abort(503, "Votre retour n’est pas enregistré : réessayez dans un moment.")
    return {"return_id": event["return_id"]}, 202
    ### END SOLUTION


# %% check="lab4.publisher"
check("lab4.publisher")

# %% [markdown]
# ## Étape 3 : une lettre, ni zéro, ni deux
#
# Le worker `notifications` lit `notifications.returns`, et appelle `send_mail(event)` pour chaque événement. Les files et la lecture sont données, gardez-les ; à vous `on_message`, et de quoi se souvenir.
#
# - Une lettre par message. Un message se reconnaît à son `message_id`, qu’il porte toujours : livré deux fois, même à un worker relancé, il ne donne qu’une lettre.
# - On peut tuer le worker (`kill -9`) à tout moment, puis le relancer : aucune lettre n’est oubliée. Après une mort seulement, une lettre en double n’est pas une faute.
# - Ce qui n’est pas un objet JSON avec `return_id` et `type` va dans `notifications.returns.dead`, le même corps, une fois. Les autres messages ont leur lettre.
# - Deux secondes après la dernière lettre, il ne reste rien en file.
#
# Ne touchez pas à `send_mail` : la vérification lit le fichier qu’elle écrit. Elle donne au worker un dossier à lui, vide au départ, qui survit à ses morts. Un seul exemplaire tourne à la fois.

# %% answer="lab4.notify"
# %%service notifications --worker
import json
import os
import sqlite3

import pika

QUEUE = "notifications.returns"
DEAD = "notifications.returns.dead"


def send_mail(event):
    """Écrit une lettre au client."""
    with open("mails.txt", "a") as box:
        print(event["return_id"], event["type"], file=box)


### BEGIN SOLUTION
db = sqlite3.connect("notifications.db", isolation_level=None)
db.execute("CREATE TABLE IF NOT EXISTS sent (message_id TEXT PRIMARY KEY)")
### END SOLUTION
### BEGIN STUB
# # À vous de jouer : où noter les lettres déjà parties ?
### END STUB


def on_message(channel, method, properties, body):
    """Une lettre, ou rien, ou les lettres mortes ; puis le courtier peut oublier."""
    ### BEGIN SOLUTION
    try:
        event = json.loads(body)
        event["return_id"], event["type"]
    except (ValueError, TypeError, KeyError):
        channel.basic_reject(method.delivery_tag, requeue=False)
        return
    note = [properties.message_id]
    if not db.execute("SELECT 1 FROM sent WHERE message_id = ?", note).fetchone():
        send_mail(event)
        db.execute("INSERT INTO sent VALUES (?)", note)
    channel.basic_ack(method.delivery_tag)
    ### END SOLUTION


def main():
    """Lit la file, indéfiniment."""
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
    channel = connection.channel()
    channel.exchange_declare("shop.events", "topic", durable=True)
    channel.queue_declare(DEAD, durable=True)
    arguments = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": DEAD}
    channel.queue_declare(QUEUE, durable=True, arguments=arguments)
    channel.queue_bind(QUEUE, "shop.events", "return.*")
    channel.basic_qos(prefetch_count=1)
    channel.basic_consume(QUEUE, on_message)
    channel.start_consuming()


main()

# %% check="lab4.notify"
check("lab4.notify")

# %% [markdown]
# ## Étape 4 : votre test attrape-t-il quelque chose ?
#
# Un test qui passe (vert) ne prouve rien, tant qu’on ne l’a pas vu échouer (rouge). Écrivez celui de l’étape 2 ; la vérification l’essaie sur deux fonctions d’envoi justes, puis sur dix-sept qui ont **chacune une faute**. C’est l’**analyse par mutation** (*mutation testing*).
#
# `is_well_sent(send, channel)` reçoit une de ces fonctions, `send`, et un canal neuf vers un courtier où `shop.events` existe, et où les files d’un autre essai sont effacées. `send(request)` prend les quatre champs d’une demande, publie, et rend le `return_id`. Quand elle revient, ce qu’elle a publié est arrivé.
#
# - `send` publie ce que l’étape 2 demande, champs de plus permis, et **un seul** message, à chaque appel : rendez `True`, ou rien.
# - Sinon : `False`, ou un `assert` qui échoue. Toute autre exception compte comme un refus.
#
# Les fautes : rien ne part, ou pas à chaque appel, ou pas au bon endroit ; le message ne survivrait pas au courtier ; il dit autre chose que la demande ; il est sans `message_id`, ou avec un autre, ou en double sous la même clé.

# %% answer="lab4.proof"
def is_well_sent(send, channel):
    """Vrai si `send` publie bien les retours qu’on lui donne."""
    ### BEGIN SOLUTION
    import json

    queue = channel.queue_declare("", exclusive=True).method.queue
    channel.queue_bind(queue, "shop.events", "return.requested")
    for n in (2, 3):
        request = {"order_id": f"c-{n}", "sku": f"SKU-{n}", "quantity": n, "amount_cents": 500 * n}
        return_id = send(request)
        _, properties, body = channel.basic_get(queue, auto_ack=True)
        assert body is not None, "rien n’est parti"
        assert channel.basic_get(queue, auto_ack=True)[2] is None, "un message de trop"
        wanted = {"type": "RETURN_REQUESTED", "return_id": return_id, **request}
        assert wanted.items() <= json.loads(body).items(), "il dit autre chose"
        assert properties.delivery_mode == 2, "il ne survivrait pas"
        assert properties.message_id == return_id, "il n’a pas le bon nom"
    return True
    ### END SOLUTION


# %% check="lab4.proof"
check("lab4.proof", is_well_sent)

# %% [markdown]
# ## Pour aller plus loin
#
# ### Étape 5 : reprendre un article
#
# Reste le plus difficile. Pour chaque demande, un worker a quatre gestes : rembourser (un appel HTTP), remettre en stock (sa base), annoncer la fin (un message), acquitter. Voici un worker **naïf**, qui les fait dans cet ordre, sans rien noter. On le tue après un effet, on le relance, on lit les livres (les comptes) ; puis un effet plus loin, jusqu’à ce que les livres soient faux.

# %%
bet("lab4.loser")

# %%
plan = shortest_death()
display(plan)
settle("lab4.loser", loser(plan))

# %% [markdown]
# Aucune transaction ne couvre à la fois *Payments*, une base et RabbitMQ. Il reste une solution : que chaque geste puisse **se refaire** sans rien changer.
#
# #### Exercice : l’argent, le stock et la lettre, une fois
#
# Écrivez `on_message` ; les files et la lecture sont données. Le message est l’événement de l’étape 2, et son `message_id` le `return_id`.
#
# 1. **Rembourser** : `POST {payments_url()}/refunds`, avec `order_id` et `amount_cents` en JSON, et l’en-tête `Idempotency-Key`, que vous choisissez. *Payments* répond 201, et ne rembourse qu’une fois par clé ; 404 s’il ne connaît pas de paiement ; 503 s’il est indisponible.
# 2. **Remettre en stock** : `put_back(event)`, une seule fois par retour. Ce qui s’écrit dans `with transaction():` s’écrit ensemble, ou pas du tout.
# 3. **Annoncer** : sur `shop.events`, sous `return.completed`, un objet JSON avec `return_id` et `type`, qui vaut `"RETURN_COMPLETED"`. Son `message_id` est toujours le `return_id` suivi de `-completed` : *Notifications* reconnaîtra un doublon. Il y a toujours une file pour le prendre.
# 4. **Acquitter.**
#
# Un retour sans paiement (404) ou illisible (pas un objet JSON) va dans `returns.dead`, le même corps, sans rien remettre en stock. Si *Payments* répond 503, ou coupe la connexion sans répondre, on réessaie plus tard, avec une pause d’une seconde au plus.
#
# La vérification joue *Payments*, lit la base `returns.db`, écoute les annonces. Elle livre des doublons, et tue le worker entre chacun de ses effets : chaque retour finit remboursé une fois, en stock une fois, annoncé une fois ou plus, sous ce seul nom. Un seul exemplaire tourne à la fois.

# %% answer="lab4.returns"
# %%service returns --worker
import json
import os
import sqlite3
from contextlib import contextmanager

import pika
import requests

QUEUE = "returns.requested"
DEAD = "returns.dead"

db = sqlite3.connect("returns.db", isolation_level=None)  # hors transaction, chaque ordre compte
db.execute("CREATE TABLE IF NOT EXISTS stock (sku TEXT, quantity INTEGER)")
db.execute("CREATE TABLE IF NOT EXISTS inbox (message_id TEXT PRIMARY KEY)")


@contextmanager
def transaction():
    """Tout ou rien."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def put_back(event):
    """Remet l’article en rayon."""
    db.execute("INSERT INTO stock VALUES (?, ?)", [event["sku"], event["quantity"]])


def payments_url():
    """Où habite Payments : l’environnement le dit, sinon l’annuaire."""
    if url := os.environ.get("PAYMENTS_URL"):
        return url
    found = requests.get(f"{os.environ['REGISTRY_URL']}/instances/payments", timeout=1).json()
    return found["instances"][0]["url"]


def on_message(channel, method, properties, body):
    """Quatre gestes, dont chacun peut se refaire."""
    ### BEGIN SOLUTION
    try:
        event = json.loads(body)
        status = refund(event)
    except (ValueError, TypeError, KeyError):
        status = 404
    if status == 404:
        channel.basic_reject(method.delivery_tag, requeue=False)
        return
    if status != 201:
        channel.connection.sleep(0.5)
        channel.basic_reject(method.delivery_tag, requeue=True)
        return
    with transaction():
        added = db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [properties.message_id])
        if added.rowcount:
            put_back(event)
    announce(channel, event)
    channel.basic_ack(method.delivery_tag)


def refund(event):
    order = {"order_id": event["order_id"], "amount_cents": event["amount_cents"]}
    key = {"Idempotency-Key": event["return_id"]}
    try:
        answer = requests.post(f"{payments_url()}/refunds", json=order, headers=key, timeout=2)
    except (requests.RequestException, IndexError):
        return 503
    return answer.status_code


def announce(channel, event):
    done = json.dumps({**event, "type": "RETURN_COMPLETED"})
    properties = pika.BasicProperties(
        message_id=f"{event['return_id']}-completed", delivery_mode=2
    )
    channel.basic_publish("shop.events", "return.completed", done, properties)
    ### END SOLUTION


def main():
    """Lit la file, indéfiniment."""
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
    channel = connection.channel()
    channel.confirm_delivery()
    channel.exchange_declare("shop.events", "topic", durable=True)
    channel.queue_declare(DEAD, durable=True)
    arguments = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": DEAD}
    channel.queue_declare(QUEUE, durable=True, arguments=arguments)
    channel.queue_bind(QUEUE, "shop.events", "return.requested")
    channel.basic_qos(prefetch_count=1)
    channel.basic_consume(QUEUE, on_message)
    channel.start_consuming()


main()

# %% check="lab4.returns"
check("lab4.returns")

# %% [markdown]
# ### Et tout ensemble ?
#
# Vos trois programmes tournent dans la boutique. Un client rend une lampe pendant que *notifications* dort (SIGSTOP) ; puis il se réveille. La séquence va du clic aux deux lettres.

# %%
answer = give_back(shop)
shop.sequence(answer)

# %%
print(*letters(shop), sep="\n")

# %% [markdown]
# Et la carte, que personne n’a dessinée : vos files, vos liaisons, vos lettres mortes, et l’appel HTTP de *returns* à *payments*.

# %%
shop.map()

# %% [markdown]
# ## Votre bilan, en une page
#
# Vos points et votre pari ; la carte, c’est votre ouvrage. Puis deux phrases avec vos mots. Gardez cette page.

# %%
progress("lab4")

# %%
takeaway("lab4")

# %% [markdown]
# ## Ce que nous savons maintenant
#
# - Un service ne dit **202** que si son message est en lieu sûr, et un second envoi porte le **même nom**.
# - Aucune transaction ne couvre un appel, une base et une file : chaque geste doit pouvoir **se refaire**, le dernier étant l’acquittement.
# - Un test se juge aux **fautes qu’il attrape**.
#
# Il reste un trou : un service qui écrit dans sa base **et** publie. Le chapitre « Une base par service » le comble.
