# %% [markdown]
# # Les messages asynchrones
#
# **Dans ce chapitre**, vous remplacez l’appel téléphonique par la lettre. Une vente se conclura pendant que le service des e-mails est mort. Puis vous tuerez le courtier, le lecteur, et vous empoisonnerez une file, en comptant chaque fois ce qui manque.
#
# Comptez une heure et demie. Chaque mesure est prise ici, sur votre machine : vos chiffres ne seront pas ceux du voisin.

# %% [markdown]
# ## Qui attend qui ?
#
# En HTTP, l’appelant attend que l’appelé décroche. Avec un message, *orders* confie une lettre à un **courtier** (*message broker*), ici RabbitMQ, et retourne à son travail. Chacun lit quand il peut, et réagit par d’autres lettres : la boutique tourne ici en **chorégraphie**, personne ne dirige.

# %% tags=["setup"]
import json
import os
import time
from contextlib import contextmanager

import pika

from workbook import Shop, check, hint, progress, solution
from workbook.experiments.messaging import Books, wait_until, waiting

os.environ["SAGA"] = "choreography"
shop = Shop.start()
shop.sign_in("alice")
shop.get("/orders")  # pour que la première mesure ne soit pas celle d’un démarrage
shop

# %% [markdown]
# **Votre pari** : qui répond au client, et quand ? Qui, d’après vous, apprend que la carte est débitée ?

# %%
lamp = {"items": [{"sku": "LAMP", "quantity": 1}], "card": "tok_visa"}
order = shop.post("/orders", lamp)
print(order.status_code, order.json()["status"])
shop.sequence(order)

# %% [markdown]
# **202** : « bien reçu, ce n’est pas fini ». La réponse part avant le paiement ; le reste se fait par événements, tous nommés au passé. `ORDER_CREATED` fait réserver le stock, ce qui fait débiter la carte ; `PAYMENT_PROCESSED` fait confirmer la commande ; *notifications* écrit au client, et le dit : `EMAIL_SENT`. C’est le diagramme du module, avec le stock en plus, et relevé sur le vif.

# %%
shop.map()

# %% [markdown]
# Un service **publie** dans l’échange (*exchange*) `shop.events` et ne connaît aucun lecteur. Des **liaisons** (*bindings*) mènent aux **files**, une par lecteur.
#
# ## Peut-on vendre quand le facteur est mort ?
#
# **Votre pari** : on tue *notifications*, puis on passe cinq commandes. Combien aboutissent ? Où vont leurs messages ? Gardez un œil sur la carte.

# %%
shop.kill("notifications")
orders = [shop.post("/orders", lamp).json()["id"] for _ in range(5)]
wait_until(lambda: waiting(shop.broker, "notifications.orders") >= 5)
wait_until(lambda: all("CONFIRMED" in shop.get(f"/orders/{id}").text for id in orders))
print(f"5 ventes confirmées, {waiting(shop.broker, 'notifications.orders')} messages en attente")

# %% [markdown]
# Cinq ventes conclues, et leurs messages qui attendent un lecteur. En HTTP, il aurait fallu qu’il soit vivant **à cet instant** : c’est le **couplage temporel**, et la file l’a supprimé. Relançons le facteur.

# %%
shop.restart("notifications")
seconds = wait_until(lambda: all(id in shop.get("/notifications").text for id in orders))
print(f"Cinq clients prévenus, {1000 * seconds:.0f} ms après le retour du service.")

# %% [markdown]
# ## Comment un message trouve-t-il ses lecteurs ?
#
# Passons derrière le comptoir, avec `pika`. Une connexion ouverte coûte au courtier, et meurt si l’on cesse de lui parler plus d’une minute ou deux : nous l’ouvrirons donc pour chaque usage, et `with` la refermera, même en cas d’erreur. Elle n’appartient qu’à un seul *thread* : deux qui s’en servent à la fois la cassent.

# %% tags=["setup"]
@contextmanager
def channel():
    """Un canal vers RabbitMQ ; sa connexion est fermée à la sortie du bloc."""
    with pika.BlockingConnection(pika.URLParameters(shop.broker.url)) as connection:
        yield connection.channel()


def routing_key(event):
    """ORDER_CREATED se publie sous la clé order.created."""
    return event["type"].lower().replace("_", ".")


# %% [markdown]
# Voici l’**abonné** du module, en Python : une file à soi, une liaison, et l’on écoute. L’astérisque remplace un mot. Que verra-t-il d’une vente ?

# %%
with channel() as ch:
    queue = ch.queue_declare("", exclusive=True).method.queue
    ch.queue_bind(queue, "shop.events", "order.*")
    shop.post("/orders", lamp)
    for method, properties, body in ch.consume(queue, auto_ack=True, inactivity_timeout=0.5):
        if body is None:
            break
        print(method.routing_key, "·", json.loads(body)["type"])

# %% [markdown]
# *orders* n’a pas été modifié, ni prévenu : on ajoute un lecteur sans toucher à l’auteur. `payment.processed` est passé aussi, mais rien ne le menait à notre file.
#
# ### Exercice : s’abonner à ce qui compte
#
# La comptabilité veut **tous les événements de commande**, y compris ceux qu’on inventera demain, et les **paiements refusés** (`payment.failed`). Rien d’autre. Donnez la liste de ses clés de liaison.

# %% answer="ch07.bindings"
### BEGIN SOLUTION
binding_keys = ["order.*", "payment.failed"]
### END SOLUTION

# %% check="ch07.bindings"
check("ch07.bindings", binding_keys)

# %% [markdown]
# ## Que veut dire « envoyé » ?
#
# Voici le `publishEvent` du module, traduit mot à mot. **Votre pari** : que se passe-t-il quand personne n’attend l’événement ?

# %%
def publish_event(kind, data):
    event = {"type": kind, "data": data}
    with channel() as ch:
        ch.basic_publish("shop.events", routing_key(event), json.dumps(event))


publish_event("GIFT_WRAPPED", {"order_id": "42"})

# %% [markdown]
# Rien : ni erreur, ni message. Le courtier ne savait où le mettre, il l’a jeté. Deux réglages le font parler : `confirm_delivery()` demande une **confirmation** pour chaque message, et `mandatory=True` refuse qu’on le jette.

# %%
with channel() as ch:
    ch.confirm_delivery()
    try:
        ch.basic_publish("shop.events", "gift.wrapped", b"{}", mandatory=True)
    except pika.exceptions.UnroutableError as error:
        print("Refusé :", error)

# %% [markdown]
# Et si le courtier lui-même meurt ? Trois caisses publient aussi vite qu’elles peuvent dans une file durable ; au bout d’une seconde, `kill -9` de RabbitMQ, puis on le relance et l’on compte, avec les mots de Jepsen, le banc d’essai des systèmes répartis :
#
# - *attempted*, **tentés** ;
# - *acknowledged*, **tenus pour sûrs** par la caisse ;
# - *lost*, **perdus** : tenus pour sûrs, jamais livrés ;
# - *recovered*, **retrouvés** : livrés alors qu’on n’en savait rien ;
# - *unexpected*, **inattendus** : livrés sans avoir été envoyés.
#
# **Votre pari** : quelle caisse perd le plus ? Laquelle est la plus rapide ?

# %%
from workbook.experiments.messaging import publish_through_a_crash

DISK, MEMORY = pika.DeliveryMode.Persistent, pika.DeliveryMode.Transient
publish_through_a_crash(
    shop.broker,
    {
        "sur disque, sans confirmation": {"delivery_mode": DISK, "confirm": False},
        "en mémoire, confirmé": {"delivery_mode": MEMORY, "confirm": True},
        "sur disque, confirmé": {"delivery_mode": DISK, "confirm": True},
    },
)

# %% [markdown]
# La plus rapide croyait tout sauvé : écrire dans une prise réseau n’est pas être lu. La deuxième avait une confirmation pour chaque message… gardé en mémoire. Seule la troisième n’a rien perdu, au prix du débit. A-t-elle un message **retrouvé** ? Le courtier l’avait écrit, et il est mort avant de le dire : l’issue était *inconnue*. Qui republie alors crée un doublon ; qui ne republie pas risque une perte.
#
# (Un seul nœud ne montre que le crash. Pour survivre à la perte d’une machine, il faut une file *quorum* sur plusieurs.)
#
# ### Exercice : publier sans rien perdre
#
# Écrivez `publish(event)`, qui publie l’événement en JSON sur `shop.events`, sous la clé `routing_key(event)`. Elle renvoie `True` **seulement si l’événement est en lieu sûr**, et `False` dans tous les autres cas : sans lever d’exception de pika, sans laisser de connexion ouverte à chaque appel, et même après un redémarrage du courtier. La vérification le tue pour de bon.

# %% answer="ch07.publish"
def publish(event):
    """Publie l’événement ; True seulement s’il est en lieu sûr."""
    ### BEGIN SOLUTION
    persistent = pika.BasicProperties(
        delivery_mode=pika.DeliveryMode.Persistent, content_type="application/json"
    )
    try:
        with channel() as ch:
            ch.confirm_delivery()
            ch.basic_publish(
                "shop.events", routing_key(event), json.dumps(event), persistent, mandatory=True
            )
    except pika.exceptions.AMQPError:
        return False
    return True
    ### END SOLUTION


# %% check="ch07.publish"
check("ch07.publish", publish)

# %% [markdown]
# ## Quand le courtier peut-il oublier un message ?
#
# Passons côté lecteur. Avec `auto_ack=True`, le courtier oublie chaque message dès qu’il l’a **envoyé**. Ce *worker* est un vrai processus, qui met 10 ms par message et imprime ceux qu’il a traités.

# %%
# %%service lecteur --worker
import os, time
import pika

channel = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
channel.queue_declare("lecture", durable=True)
for method, properties, body in channel.consume("lecture", auto_ack=True):
    time.sleep(0.01)
    print(body.decode(), flush=True)

# %% [markdown]
# On lui donne 200 messages, et `kill -9` au vingtième. **Votre pari** : combien en reste-t-il dans la file ?

# %%
from workbook.experiments.messaging import read_until_killed

automatic = read_until_killed(shop, "lecteur", "lecture")
len(automatic.lost)

# %% [markdown]
# Tous étaient déjà partis dans la mémoire du lecteur, et le courtier n’en gardait rien. Second lecteur : il **acquitte** lui-même, une fois le travail fait.

# %%
# %%service lecteur --worker
import os, time
import pika

channel = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
channel.queue_declare("lecture", durable=True)
for method, properties, body in channel.consume("lecture"):
    time.sleep(0.01)
    print(body.decode(), flush=True)
    channel.basic_ack(method.delivery_tag)

# %%
manual = read_until_killed(shop, "lecteur", "lecture")
Books({"auto_ack": automatic, "acquittement après le travail": manual})

# %% [markdown]
# Le courtier a vu la connexion tomber, et a remis en file tout ce qui n’était pas acquitté. C’est la livraison **au moins une fois** : rien de perdu, parfois un doublon.
#
# ### Exercice : tuer le facteur sans perdre le courrier
#
# Écrivez le worker `courrier` : il déclare la file durable `courrier.commandes`, et appelle `send_email(event)` pour chaque message, un événement en JSON. On pourra le tuer à tout moment sans qu’une lettre soit oubliée. Ne touchez pas à `send_email` : la vérification relève la boîte.

# %% answer="ch07.consume"
# %%service courrier --worker
import json
import os
import time

import pika

QUEUE = "courrier.commandes"


def send_email(event):
    """Écrit une lettre ; le serveur de courrier prend son temps."""
    time.sleep(event["seconds"])
    with open("courrier.txt", "a") as box:
        print(event["order_id"], file=box)


def main():
    """Lit la file, indéfiniment."""
    ### BEGIN SOLUTION
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
    channel = connection.channel()
    channel.queue_declare(QUEUE, durable=True)
    channel.basic_consume(QUEUE, on_message)
    channel.start_consuming()


def on_message(channel, method, properties, body):
    send_email(json.loads(body))
    channel.basic_ack(method.delivery_tag)
    ### END SOLUTION


main()

# %% check="ch07.consume"
check("ch07.consume")

# %% [markdown]
# ## Combien de messages prendre d’avance ?
#
# Quarante messages attendent. Un lecteur lent (50 ms par message) arrive, puis un rapide (1 ms) en renfort. Le *prefetch* limite les messages **non acquittés** que chacun détient. **Votre pari** : qui traite combien, sans limite, avec 10, avec 1 ?

# %%
from workbook.experiments.messaging import Shares, share_out

shares = Shares()
for n in (0, 10, 1):
    title = f"prefetch {n or 'illimité'}"
    shares[title] = share_out(shop.broker, lambda ch: ch.basic_qos(prefetch_count=n))
shares

# %% [markdown]
# Sans limite, le premier venu a tout pris, et le renfort regarde. À 1, chacun va à son pas, mais attend un aller-retour du courtier entre deux messages : entre les deux, on règle. Et par défaut, pika ne limite **rien**.
#
# ## Que faire d’un message impossible ?
#
# Un corps illisible ne deviendra jamais lisible. Si le lecteur le rend à la file à chaque échec, combien de fois par seconde le reverra-t-il ? Pariez, puis mesurons pendant une seconde.

# %%
with channel() as ch:
    queue = ch.queue_declare("", exclusive=True).method.queue
    ch.basic_publish("", queue, "ceci n’est pas du JSON".encode())
    end, deliveries = time.monotonic() + 1, 0
    for method, properties, body in ch.consume(queue):
        deliveries += 1
        ch.basic_nack(method.delivery_tag, requeue=True)
        if time.monotonic() > end:
            break
deliveries

# %% [markdown]
# Un cœur de processeur brûlé pour une seule lettre : c’est le **message poison**. Une file *quorum* sait compter les livraisons, et envoyer ce qui dépasse la limite dans une **file de lettres mortes** (*dead-letter queue*).

# %%
with channel() as ch:
    ch.queue_declare("colis.dead", durable=True)
    arguments = {
        "x-queue-type": "quorum",
        "x-delivery-limit": 5,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": "colis.dead",
    }
    ch.queue_declare("colis", durable=True, arguments=arguments)
    ch.basic_publish("", "colis", "ceci n’est pas du JSON".encode())

# %% [markdown]
# On lit avec le même entêtement, et l’on rend par `basic_reject` : depuis RabbitMQ 4.3, `nack` ne compte plus pour la limite. Combien de livraisons, cette fois ?

# %%
with channel() as ch:
    deliveries = 0
    for method, properties, body in ch.consume("colis", inactivity_timeout=1):
        if body is None:
            break
        deliveries += 1
        ch.basic_reject(method.delivery_tag, requeue=True)
print(f"RabbitMQ {shop.broker.version} : {deliveries} livraisons, puis", end=" ")
print(waiting(shop.broker, "colis.dead"), "lettre morte")

# %% [markdown]
# La lettre n’est pas perdue, et porte son histoire dans l’en-tête `x-death`. (Le transfert, lui, n’attend pas de confirmation : sur plusieurs nœuds, une file *quorum* peut l’exiger.) Le lecteur corrigé, on la **rejoue** : on la publie à nouveau, on attend la confirmation, et alors seulement on l’acquitte.

# %%
with channel() as ch:
    ch.confirm_delivery()
    method, properties, body = ch.basic_get("colis.dead")
    death = properties.headers["x-death"][0]
    print("Morte dans", death["queue"], "·", death["reason"])
    ch.basic_publish("", death["queue"], body, pika.BasicProperties(delivery_mode=2), mandatory=True)
    ch.basic_ack(method.delivery_tag)
    print("Le lecteur reçoit de nouveau :", ch.basic_get("colis", auto_ack=True)[2].decode())

# %% [markdown]
# ### Exercice : mettre le poison de côté
#
# Écrivez le worker `factures`. Il lit `factures.commandes` et appelle `make_invoice(body)`, qui lève une exception quand l’imprimante tousse (cela passe en deux ou trois essais) ou quand le message est impossible. Retentez **un nombre borné de fois**, puis déposez le message dans `factures.commandes.dead`. Les autres ne doivent pas en souffrir.
#
# Une file garde les arguments de sa première déclaration. Pour en changer : `with channel() as ch: ch.queue_delete("factures.commandes")`.

# %% answer="ch07.poison"
# %%service factures --worker
import collections
import json
import os

import pika

QUEUE = "factures.commandes"
DEAD = "factures.commandes.dead"

journal = open("factures.txt", "a", buffering=1)
tries = collections.Counter()


def make_invoice(body):
    """Imprime la facture, ou lève une exception."""
    tries[body] += 1
    print("essai", body.decode(), file=journal)
    order = json.loads(body)
    if tries[body] <= order["failures"]:
        raise OSError("l’imprimante tousse")
    print("facture", order["order_id"], file=journal)


def main():
    """Lit la file, indéfiniment."""
    ### BEGIN SOLUTION
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
    channel = connection.channel()
    channel.queue_declare(DEAD, durable=True)
    arguments = {
        "x-queue-type": "quorum",
        "x-delivery-limit": 5,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": DEAD,
    }
    channel.queue_declare(QUEUE, durable=True, arguments=arguments)
    channel.basic_qos(prefetch_count=1)
    channel.basic_consume(QUEUE, on_message)
    channel.start_consuming()


def on_message(channel, method, properties, body):
    try:
        make_invoice(body)
    except (OSError, ValueError):
        channel.basic_reject(method.delivery_tag, requeue=True)
    else:
        channel.basic_ack(method.delivery_tag)
    ### END SOLUTION


main()

# %% check="ch07.poison"
check("ch07.poison")

# %% [markdown]
# ## Et si la même lettre arrive deux fois ?
#
# Elle arrivera deux fois : une confirmation perdue fait republier, une mort avant l’acquittement fait relivrer. On ne peut pas l’empêcher ; on peut le rendre **sans effet**. C’est le *consommateur idempotent* : il note dans une table, l’**inbox**, les messages déjà traités.
#
# ### Exercice : deux livraisons, une seule lampe
#
# Le worker `magasin` sort une lampe du stock pour chaque message de `magasin.ventes`. Chaque message porte un identifiant, `properties.message_id`. Livré deux fois, il ne compte qu’une ; tué n’importe où, le worker ne perd ni ne double aucune vente. Ce qui s’écrit dans `with transaction():` s’écrit ensemble, ou pas du tout ; les deux pauses de `take_lamp` laissent à la vérification le temps de frapper.

# %% answer="ch07.idempotent"
# %%service magasin --worker
import json
import os
import sqlite3
import time
from contextlib import contextmanager

import pika

QUEUE = "magasin.ventes"

db = sqlite3.connect("magasin.db", isolation_level=None)  # hors transaction, chaque ordre compte
db.execute("CREATE TABLE IF NOT EXISTS stock AS SELECT 100 AS lamps")


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


def take_lamp(event):
    """Sort une lampe du stock."""
    time.sleep(event["pause_before"])
    db.execute("UPDATE stock SET lamps = lamps - 1")
    time.sleep(event["pause_after"])


def main():
    """Lit la file, indéfiniment."""
    ### BEGIN SOLUTION
    db.execute("CREATE TABLE IF NOT EXISTS inbox (message_id TEXT PRIMARY KEY)")
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
    channel = connection.channel()
    channel.queue_declare(QUEUE, durable=True)
    channel.basic_consume(QUEUE, on_message)
    channel.start_consuming()


def on_message(channel, method, properties, body):
    with transaction():
        added = db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [properties.message_id])
        if added.rowcount:
            take_lamp(json.loads(body))
    channel.basic_ack(method.delivery_tag)
    ### END SOLUTION


main()

# %% check="ch07.idempotent"
check("ch07.idempotent")

# %% [markdown]
# ## Ce que nous savons maintenant
#
# - Un message supprime le **couplage temporel** : l’auteur n’attend ni ne connaît ses lecteurs ; la file garde ce qu’ils n’ont pas lu.
# - « Envoyé » ne veut rien dire. **Persistant, confirmé, obligatoire** d’un côté, **acquitté après le travail** de l’autre : alors chaque message est livré *au moins* une fois.
# - Il reste les doublons et les poisons : une **inbox** rend les premiers inoffensifs, une **limite et des lettres mortes** écartent les seconds.
#
# Une question reste : *orders* écrit dans sa base **et** publie. Et s’il meurt entre les deux ? Sa réponse, l’*outbox*, est l’affaire du chapitre « Une base par service ». En attendant, écrivez votre premier service dans le [laboratoire 2](../labs/lab2_api_products.ipynb), ou revenez à [la boutique](00_bienvenue.ipynb).

# %%
progress()
