# %% [markdown]
# # Les messages asynchrones
#
# Un appel échoue si l’autre est mort ; un message l’attend. Une vente peut donc se conclure sans le service des e-mails.
#
# **À la fin, vous saurez**
#
# - lire, sur une vente réelle, qui publie quoi, et pour qui ;
# - abonner un lecteur aux seuls événements qu’il veut ;
# - publier sans rien perdre, même si le courtier meurt ;
# - dire quand un message peut être oublié.

# %% [markdown]
# ## Qui attend qui ?
#
# *orders* confie un message à RabbitMQ, un **courtier de messages** (*message broker*), et n’attend pas. Les autres lisent quand ils peuvent, et répondent par d’autres messages. Personne ne dirige : c’est une **chorégraphie** (*choreography*). Le module la dessine ainsi :
#
# ```mermaid
# sequenceDiagram
#     participant OS as Order Service
#     participant MQ as Message Queue
#     participant PS as Payment Service
#     participant NS as Notification Service
#
#     OS->>MQ: ORDER_CREATED
#     MQ->>PS: Process Payment
#     MQ->>NS: Send Confirmation
#     PS->>MQ: PAYMENT_PROCESSED
#     MQ->>NS: Payment Success
#     NS->>MQ: EMAIL_SENT
# ```
#
# Ouvrons la boutique, réglée de cette façon.

# %% tags=["setup"]
import json
import os
import time
from contextlib import contextmanager

import pika

from workbook import Shop, bet, check, hint, progress, settle, solution, takeaway
from course.ch07.experiments import Books, fate_of, wait_until, waiting, who_answered

os.environ["SAGA"] = "choreography"
shop = Shop.start()
shop.sign_in("alice")
shop.get("/orders")  # pour que la première mesure ne soit pas celle d’un démarrage
shop

# %% [markdown]
# **Votre pari** : qui répond au client, et quand ? Le dessin ne le dit pas.

# %%
bet("ch07.answer")

# %%
lamp = {"items": [{"sku": "LAMP", "quantity": 1}], "card": "tok_visa"}
order = shop.post("/orders", lamp)
print(order.status_code, order.json()["status"])
display(shop.sequence(order))
settle("ch07.answer", who_answered(order))

# %% [markdown]
# **202** veut dire « bien reçu, ce n’est pas fini ». Chaque étape publie un **événement** (*event*), nommé au passé. C’est le dessin du module, à trois différences près :
#
# - `ORDER_CREATED` va d’abord au stock ; `STOCK_RESERVED` fait débiter la carte ;
# - *notifications* attend `ORDER_CONFIRMED` pour écrire ;
# - la carte bancaire ne voyage pas dans les messages : *orders* la donne à *payments* en HTTP (`PUT /intents`), avant de répondre.
#
# Chaque service publie dans l’**échange** (*exchange*) `shop.events`, sans connaître ses lecteurs. Chaque lecteur a sa **file** (*queue*) ; une **liaison** (*binding*) y mène.

# %%
shop.map()

# %% [markdown]
# ## Peut-on vendre sans le service des e-mails ?
#
# On tue *notifications*, puis on passe cinq commandes. **Votre pari** : combien aboutissent ?

# %%
bet("ch07.survivors")

# %%
shop.kill("notifications")
orders = [shop.post("/orders", lamp).json()["id"] for _ in range(5)]
wait_until(lambda: waiting(shop.broker, "notifications.orders") >= 5)
wait_until(lambda: not any("PENDING" in shop.get(f"/orders/{id}").text for id in orders))
confirmed = sum("CONFIRMED" in shop.get(f"/orders/{id}").text for id in orders)
print(waiting(shop.broker, "notifications.orders"), "messages en attente")
settle("ch07.survivors", confirmed)

# %% [markdown]
# Toutes aboutissent, et leurs messages attendent dans la file. En HTTP, *notifications* aurait dû vivre **à cet instant** : c’est le **couplage temporel** (*temporal coupling*). La file l’a supprimé. Relançons *notifications*.

# %%
shop.restart("notifications")
seconds = wait_until(lambda: all(id in shop.get("/notifications").text for id in orders))
print(f"Cinq clients prévenus, {1000 * seconds:.0f} ms après le retour du service.")

# %% [markdown]
# ## Comment un message trouve-t-il ses lecteurs ?
#
# Parlons au courtier, avec `pika`. Une connexion meurt si l’on se tait une minute ou deux : ouvrons-en une par usage. `with` la referme, même en cas d’erreur. Une connexion ne sert qu’à un *thread*.

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
# Un message porte une **clé de routage** (*routing key*), comme `order.created`. Une liaison filtre par sa **clé de liaison** (*binding key*) : `*` y remplace exactement un mot, `#` zéro, un ou plusieurs.
#
# Voici l’**abonné** (*subscriber*) du module, en Python. Que verra-t-il d’une vente ?

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
# On ajoute un lecteur sans toucher à *orders*. `payment.processed` est passé aussi, mais aucune liaison ne le menait ici.
#
# ### Exercice : s’abonner à ce qui compte
#
# La comptabilité veut **tous les événements de commande** : `order.` suivi d’un mot, même inventés demain. Elle veut aussi les **paiements refusés**, `payment.failed`. Rien d’autre.
#
# Donnez la liste de ses clés de liaison, des textes. La vérification publie des événements, et regarde lesquels arrivent.

# %% answer="ch07.bindings"
### BEGIN SOLUTION
binding_keys = ["order.*", "payment.failed"]
### END SOLUTION

# %% check="ch07.bindings"
check("ch07.bindings", binding_keys)

# %% [markdown]
# ## Que veut dire « envoyé » ?
#
# Voici le `publishEvent` du module, traduit mot à mot.

# %%
def publish_event(kind, data):
    event = {"type": kind, "data": data}
    with channel() as ch:
        ch.basic_publish("shop.events", routing_key(event), json.dumps(event))


# %% [markdown]
# **Votre pari** : aucune file n’attend l’événement, un lecteur n’arrivera qu’après. Que se passe-t-il ?

# %%
bet("ch07.unrouted")

# %%
fate = fate_of(shop.broker, publish_event, "GIFT_WRAPPED", {"order_id": "42"})
settle("ch07.unrouted", fate)

# %% [markdown]
# Le courtier l’a jeté, sans rien dire. Deux réglages le font parler : `confirm_delivery()` demande une **confirmation de publication** (*publisher confirm*) par message, `mandatory=True` refuse qu’on le jette.

# %%
with channel() as ch:
    ch.confirm_delivery()
    try:
        ch.basic_publish("shop.events", "gift.wrapped", b"{}", mandatory=True)
    except pika.exceptions.UnroutableError as error:
        print("Refusé :", error)

# %% [markdown]
# Et si le courtier meurt ? Trois caisses publient aussi vite qu’elles peuvent dans une file **durable**, qui survit à un redémarrage. Après une seconde, `kill -9` de RabbitMQ, puis on le relance. Un message est **perdu** si sa caisse le tenait pour sûr, et que personne ne le reçoit.
#
# **Votre pari** : rangez les caisses, de celle qui perd le plus à celle qui perd le moins.

# %%
bet("ch07.losses")

# %%
from course.ch07.experiments import publish_through_a_crash

DISK, MEMORY = pika.DeliveryMode.Persistent, pika.DeliveryMode.Transient
crash = publish_through_a_crash(
    shop.broker,
    {
        "sur disque, sans confirmation": {"delivery_mode": DISK, "confirm": False},
        "en mémoire, confirmé": {"delivery_mode": MEMORY, "confirm": True},
        "sur disque, confirmé": {"delivery_mode": DISK, "confirm": True},
    },
)
display(crash)
settle("ch07.losses", crash.ranked())

# %% [markdown]
# La plus rapide croyait tout sauvé : ses messages étaient arrivés, mais pas encore écrits sur le disque. La deuxième avait confirmation de messages gardés en mémoire. La troisième n’a rien perdu, au prix du débit.
#
# ### Exercice : publier sans rien perdre
#
# Écrivez `publish(event)`, qui publie l’événement en JSON sur `shop.events`, sous la clé `routing_key(event)`.
#
# - Elle renvoie `True` **seulement si l’événement est en lieu sûr** : le courtier a confirmé qu’une file au moins l’a pris, et le garderait s’il mourait. La file durable est l’affaire du lecteur ; le message **persistant** (*persistent*), la vôtre.
# - Elle renvoie `False` sinon, même si l’issue est inconnue : personne n’attend l’événement, une file pleine le refuse, le courtier est mort.
# - Aucune exception de pika ne sort. Aucun appel ne laisse une connexion de plus ouverte, même pour `False`. En ouvrir une par appel est permis.
# - Quelques appels au plus après un redémarrage du courtier, c’est `True` à nouveau.
#
# La vérification appelle `publish` d’un seul *thread*, et tue vraiment le courtier. S’il est partagé, elle regarde seulement le message.

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
# ## Quand le courtier peut-il oublier un message ?
#
# Avec `auto_ack=True`, il oublie un message dès qu’il l’a **envoyé**. Ce *worker*, un vrai processus, met 10 ms par message, puis l’imprime.

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
# Il en reçoit 200, et `kill -9` au vingtième. **Votre pari** : combien ne seront jamais traités, ni par lui, ni par un autre ?

# %%
bet("ch07.unread")

# %%
from course.ch07.experiments import read_until_killed

automatic = read_until_killed(shop, "lecteur", "lecture")
settle("ch07.unread", len(automatic.lost))

# %% [markdown]
# Tous étaient déjà dans la mémoire du lecteur. Le second lecteur envoie lui-même l’**acquittement** (*acknowledgement*), une fois le travail fait.

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
# Le courtier a vu la connexion tomber, et remis en file ce qui n’était pas acquitté. C’est la livraison **au moins une fois** (*at least once*) : rien de perdu, parfois un doublon.

# %% [markdown]
# ## Pour aller plus loin
#
# Votre propre lecteur, puis trois questions : plusieurs lecteurs sur une file, un message impossible, un message en double. Vous pouvez aussi passer au bilan, tout en bas.
#
# ### Exercice : tuer le facteur sans perdre le courrier
#
# Écrivez le worker `courrier`, sur le modèle du second lecteur. Il déclare la file durable `courrier.commandes`, et appelle `send_email(event)` pour chaque message, un événement en JSON.
#
# - On peut le tuer (`kill -9`) à tout moment sans qu’une lettre soit oubliée. Après une mort, une lettre en double n’est pas une faute.
# - Deux secondes après la dernière lettre, la file est vide. L’ordre des lettres n’importe pas.
# - Ne touchez pas à `send_email` : la vérification relève la boîte.
#
# La vérification lui donne une file et un dossier à lui, vides au départ, qui survivent à ses morts. Elle le tue entre chacun de ses effets, puis le relance dans un nouveau processus. Elle ne relance pas un worker qui s’arrête de lui-même, et ne tue pas le courtier.

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
# ### Combien de messages prendre d’avance ?
#
# Quarante messages attendent. Un lecteur lent (50 ms par message) arrive, puis un rapide (1 ms), en renfort. Le **préchargement** (*prefetch*) limite les messages **non acquittés** que chacun détient. **Votre pari** : sans limite, combien le renfort en traite-t-il ? Et avec 10, avec 1 ?

# %%
bet("ch07.reinforcement")

# %%
from course.ch07.experiments import FAST, Shares, share_out

shares = Shares()
for n in (0, 10, 1):
    title = f"prefetch {n or 'illimité'}"
    shares[title] = share_out(shop.broker, lambda ch: ch.basic_qos(prefetch_count=n))
display(shares)
settle("ch07.reinforcement", shares["prefetch illimité"].counts[FAST])

# %% [markdown]
# Sans limite, le premier venu a tout pris, et le renfort regarde. À 1, chacun va à son pas : c’est le meilleur réglage ici, où le courtier est tout près. S’il était loin, chacun attendrait un aller-retour entre deux messages ; on choisirait un nombre entre les deux. Par défaut, pika ne limite **rien**.
#
# ### Que faire d’un message impossible ?
#
# Un corps illisible ne deviendra jamais lisible. Le lecteur le rend à la file à chaque échec. **Votre pari** : combien de fois le reverra-t-il en une seconde ?

# %%
bet("ch07.poison")

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
settle("ch07.poison", deliveries)

# %% [markdown]
# Un cœur de processeur est occupé par une seule lettre : c’est le **message poison** (*poison message*). Il faut deux choses.
#
# - Une limite. Une **file à quorum** (*quorum queue*) sait compter les livraisons : `x-delivery-limit`.
# - Un endroit où mettre ce qui la dépasse : la **file de lettres mortes** (*dead-letter queue*). Les deux clés `x-dead-letter-…` y mènent.
#
# (Ici, un seul nœud : nous ne voyons que le crash. Sur plusieurs machines, une file à quorum survit aussi à la perte de l’une d’elles.)

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
# On lit avec le même entêtement. On rend le message par `basic_reject` : depuis RabbitMQ 4.3, `nack` ne compte plus pour la limite. Combien de livraisons, cette fois ?

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
# La lettre n’est pas perdue : son en-tête `x-death` raconte son histoire. (Le transfert, lui, n’attend pas de confirmation ; sur plusieurs nœuds, une file à quorum peut l’exiger.)
#
# Une fois le lecteur corrigé, on la **rejoue** : on la publie à nouveau, on attend la confirmation, et alors seulement on l’acquitte.

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
# #### Exercice : mettre le poison de côté
#
# Écrivez le worker `factures`. La connexion et la lecture sont données ; vous pouvez les changer. À vous les deux files, et `on_message`.
#
# Il déclare `factures.commandes` et `factures.commandes.dead`, comme il l’entend. Il lit la première, et appelle `make_invoice(body)`, qui lève une exception dans deux cas :
#
# - l’imprimante tousse : cela passe au troisième essai au plus tard ;
# - le message est impossible : illisible, ou refusé à chaque essai par l’imprimante.
#
# Voici ce qu’il doit faire :
#
# - Il retente chaque message **un nombre borné de fois** : de trois à trente, en dix secondes au plus. Une attente de deux secondes entre deux essais est donc permise. Un message illisible peut se passer d’essais.
# - Puis il le dépose, une fois, dans `factures.commandes.dead`.
# - Les autres messages n’en souffrent pas : chaque bonne commande a sa facture, et deux secondes après, il ne reste rien en file.
#
# Là aussi, la vérification le tue à tout moment : chaque message finit en facture ou en lettre morte. Relancé, il peut recompter ses essais.
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
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
    channel = connection.channel()
    declare_queues(channel)
    channel.basic_qos(prefetch_count=1)
    channel.basic_consume(QUEUE, on_message)
    channel.start_consuming()


def declare_queues(channel):
    """Déclare la file et celle des lettres mortes."""
    ### BEGIN SOLUTION
    channel.queue_declare(DEAD, durable=True)
    arguments = {
        "x-queue-type": "quorum",
        "x-delivery-limit": 5,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": DEAD,
    }
    channel.queue_declare(QUEUE, durable=True, arguments=arguments)
    ### END SOLUTION


def on_message(channel, method, properties, body):
    """Une facture, un nouvel essai, ou les lettres mortes."""
    ### BEGIN SOLUTION
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
# ### Et si la même lettre arrive deux fois ?
#
# Elle arrivera deux fois. Une mort avant l’acquittement fait relivrer. Une confirmation perdue fait republier : regardez la colonne *retrouvés* des trois caisses. Si elle n’est pas vide, le courtier avait écrit le message, et il est mort avant de le dire. L’issue était *inconnue* : republier risque un doublon, se taire risque une perte. (Ces colonnes sont celles de Jepsen, le banc d’essai des systèmes répartis. *Inattendus* : livrés sans avoir été envoyés.)
#
# On ne peut pas l’empêcher. On peut rendre le doublon **sans effet** : c’est le **consommateur idempotent** (*idempotent consumer*). Il note les messages déjà traités dans une table, la **boîte de réception** (*inbox*).
#
# Le lecteur prend un message et ouvre une transaction dans sa base. Il lui reste quatre gestes. **Votre pari**, trois minutes : dans quel ordre ? Imaginez sa mort après chacun.

# %%
bet("ch07.steps")

# %%
from course.ch07.experiments import try_every_order

tried = try_every_order(shop.broker)
display(tried)
settle("ch07.steps", tried.safe())

# %% [markdown]
# Les 24 ordres ont été essayés, avec une vraie file et une vraie base. Chaque fois, on a coupé le lecteur après un, deux ou trois gestes, puis un autre a repris ; ou bien on l’a laissé finir, et on lui a livré la vente encore une fois. Un seul ordre résiste à tout.
#
# #### Exercice : deux livraisons, une seule lampe
#
# Complétez le worker `magasin`. Il déclare `magasin.ventes`, et sort une lampe du stock pour chaque message. La connexion et la lecture sont données. À vous la table, et `on_message`.
#
# - Seul son identifiant, `properties.message_id`, distingue un message : deux ventes peuvent avoir le même contenu.
# - Livré deux fois, à n’importe quelle distance, un message ne compte qu’une.
# - On peut tuer le worker (`kill -9`) n’importe où, entre deux écritures aussi, puis le relancer dans un nouveau processus : il ne perd ni ne double aucune vente.
# - Deux secondes après la dernière vente, la file est vide, doublons compris.
#
# Ce qui s’écrit dans `with transaction():` s’écrit ensemble, ou pas du tout. La vérification compte les lampes de la table `stock` de `magasin.db` ; le reste de la cellule est à vous. Un seul exemplaire du worker tourne à la fois.

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
    ### END SOLUTION
    ### BEGIN STUB
    # # À vous de jouer : où noter les messages déjà traités ?
    ### END STUB
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
    channel = connection.channel()
    channel.queue_declare(QUEUE, durable=True)
    channel.basic_consume(QUEUE, on_message)
    channel.start_consuming()


def on_message(channel, method, properties, body):
    """Sort une lampe, et une seule, quoi qu’il arrive."""
    ### BEGIN SOLUTION
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
# ## Que retenez-vous ?
#
# Vos points, puis deux phrases avec vos mots.

# %%
progress("ch07")

# %%
takeaway("ch07")

# %% [markdown]
# ## Ce que nous savons maintenant
#
# - L’auteur n’attend ni ne connaît ses lecteurs ; la file garde ce qu’ils n’ont pas lu.
# - **Persistant, confirmé, obligatoire** d’un côté, **acquitté après le travail** de l’autre : chaque message est livré *au moins* une fois.
# - Restent les doublons et les poisons : une **boîte de réception**, une **limite et des lettres mortes**.
#
# *orders* écrit dans sa base **et** publie. Et s’il meurt entre les deux ? Le chapitre « Une base par service » répond. [La suite](course:next).
