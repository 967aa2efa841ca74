# %% [markdown]
# # Appels REST
#
# Qui appelle un autre service reçoit parfois une erreur, parfois rien. De ce qu’il décide alors dépend que le client paie une fois, ou deux.
#
# **À la fin, vous saurez**
#
# - réessayer une commande sans la passer deux fois ;
# - distinguer un service mort, muet ou incohérent d’un client qui se trompe ;
# - limiter une attente, et dire aux autres jusqu’à quand on attend ;
# - empêcher une écriture d’en effacer une autre.

# %% tags=["setup"]
import random
import time
import uuid

import requests

from workbook import Shop, bet, check, hint, progress, settle, show, solution, takeaway
from course.ch05.experiments import answer_lost, buy_again, calls_of, fate

shop = Shop.start(
    "gateway", "auth", "products", "inventory", "payments", "orders", "notifications"
)
shop.sign_in("alice")
lamp = {"items": [{"sku": "LAMP", "quantity": 1}], "card": "tok_visa"}
shop.post("/orders", lamp)

# %% [markdown]
# ## La réponse s’est perdue : que croire ?
#
# Un appel REST est **synchrone** (*synchronous*) : l’appelant attend la réponse. Ici, *orders* prend une commande, fait tout son travail, puis meurt juste avant de répondre.

# %%
bet("ch05.unknown")

# %%
with answer_lost(shop) as made:
    answer = shop.post("/orders", lamp)
print(answer.status_code)
display(calls_of(shop, answer))
settle("ch05.unknown", fate(made))

# %% [markdown]
# Le client lit 502 ; sa carte est pourtant débitée. Requête perdue, réponse perdue : l’appelant ne peut pas les distinguer. C’est le **résultat inconnu** (*unknown outcome*). Une erreur ne prouve pas que rien n’a été fait.
#
# Le client, prudent, renvoie la même commande. D’abord telle quelle, puis avec un en-tête `Idempotency-Key`, le même aux deux envois.

# %%
key = {"Idempotency-Key": str(uuid.uuid4())}
tries = {"sans clé": buy_again(shop, lamp), "avec une clé": buy_again(shop, lamp, **key)}
show.table(
    ["", "1er envoi", "2e envoi", "commandes", "lampes vendues"],
    [(how, *seen) for how, seen in tries.items()],
)

# %% [markdown]
# Une requête est **idempotente** (*idempotent*) si la répéter ne change plus rien. GET, PUT et DELETE doivent l’être (RFC 9110) ; POST ne l’est pas. La **clé d’idempotence** (*idempotency key*) y remédie : *orders* la garde avec la commande, et redonne la première réponse.

# %%
shop.map()

# %% [markdown]
# ## Mort, muet, incohérent : comment les distinguer ?
#
# Dans le module, le service Commandes demande d’abord l’utilisateur au service Utilisateurs. Voici sa fonction, en Python.

# %%
from course.ch05.experiments import said_of_the_outage, silences


def create_order(url):
    user = requests.get(url)
    if not user.ok:
        raise LookupError("User not found")
    return "order saved"


# %%
bet("ch05.outage")

# %%
told = silences(create_order)
display(show.table(["Le service Utilisateurs", "La fonction dit"], told.items(), left=2))
settle("ch05.outage", said_of_the_outage(told))

# %% [markdown]
# Trois fautes. La panne devient une erreur **du client**. Le charabia passe pour un utilisateur. Et sans **délai d’attente** (*timeout*), la fonction attendrait toujours : `requests` n’en met aucun de lui-même, `fetch` non plus.
#
# La boutique, elle, traduit. Mettons son catalogue dans ces états, et commandons.

# %%
from course.ch05.experiments import answers_of_the_shop

answered = answers_of_the_shop(shop)
show.table(["Le catalogue", "La boutique répond"], answered.items(), left=2)

# %% [markdown]
# **4xx** : changez votre requête. **502** : celui que j’appelle dit n’importe quoi. **503** : il est indisponible. **504** : il n’a pas répondu à temps, et le résultat est inconnu.
#
# ## Que limite un délai d’attente ?
#
# Ce service répond bien, mais un morceau tous les dixièmes de seconde, trente fois.

# %%
bet("ch05.drip")

# %%
from course.ch05.experiments import seconds_of

seconds = seconds_of(lambda url: requests.get(url, timeout=0.6))
settle("ch05.drip", round(1000 * seconds))

# %% [markdown]
# Aucune erreur ! Le `timeout` de `requests` limite le **silence** entre deux morceaux, pas la durée de l’appel. Contre un service lent qui n’est jamais muet, il faut compter soi-même.
#
# ### Exercice : dire la bonne panne
#
# Corrigez la fonction du module. `find_user(url)` demande `GET url` et rend un couple : le statut et le corps qu’*orders* répondra à son client.
#
# | L’autre service | Vous rendez |
# |---|---|
# | 200 et un utilisateur : un objet JSON où `id` et `name` sont des textes | 200 et cet utilisateur |
# | 404 | 422 |
# | personne n’écoute, ou 503 | 503 |
# | muet pendant une seconde, ou 504 | 504 |
# | connexion rompue | 502 ou 503 |
# | tout autre statut, tout autre corps avec un 200 | 502 |
#
# Sauf pour 200, le corps est libre. Aucune exception ne sort de la fonction. La vérification joue l’autre service, dans chacun de ces états ; il répond d’un coup ou se tait, et ne redirige jamais.

# %% answer="ch05.translate"
def find_user(url):
    """Le statut et le corps à répondre à notre client."""
    ### BEGIN SOLUTION
    try:
        response = requests.get(url, timeout=1)
    except requests.Timeout:
        return 504, "Le service Utilisateurs n’a pas répondu à temps."
    except requests.ConnectionError:
        return 503, "Le service Utilisateurs est indisponible."
    except requests.RequestException:
        return 502, "Le service Utilisateurs a rompu la connexion."
    if response.status_code != 200:
        return {404: 422, 503: 503, 504: 504}.get(response.status_code, 502), {}
    try:
        user = response.json()
        well_formed = isinstance(user["id"], str) and isinstance(user["name"], str)
    except (ValueError, TypeError, KeyError):
        well_formed = False
    return (200, user) if well_formed else (502, "Le service Utilisateurs a mal répondu.")
    ### END SOLUTION


# %% check="ch05.translate"
check("ch05.translate", find_user)

# %% [markdown]
# ## Travaille-t-on encore pour un client parti ?
#
# *vitrine* appelle *devis*, qui appelle *tarif*. Chacun fait trois essais de 0,3 s. Mais *tarif* a besoin de 0,6 s, et le client s’en va après 0,3 s.

# %%
bet("ch05.wasted")

# %%
from course.ch05.experiments import chain, work_for_nobody

with chain(shop):
    alone = work_for_nobody(shop, pass_deadline=False)
    display(shop.trace())
    passed_on = work_for_nobody(shop, pass_deadline=True)
settle("ch05.wasted", alone)

# %% [markdown]
# Trois essais, trois fois. La première barre est le client ; ce qui dépasse à sa droite ne sert à personne. Le second envoi portait une **échéance** (*deadline*), l’heure où le client s’en va. Chaque service la transmet, et ne commence rien après elle. (Dans la boutique : `X-Deadline`.)

# %%
show.bars(
    {
        "chacun son délai": {"calculs": alone},
        "une échéance transmise": {"calculs": passed_on},
    },
    title="Ce que « tarif » a calculé pour un client parti",
    unit="calculs",
)

# %% [markdown]
# ## Combien de fois réessayer, et quand ?
#
# Soixante appels à un service en panne, trois essais chacun : 180 requêtes, au pire moment. Ajoutons un **budget de réessais** (*retry budget*) : dix appels donnent droit à un réessai.

# %%
class Budget:
    calls = 0

    def earn(self):  # à chaque appel
        self.calls += 1

    def spend(self):  # peut-on se payer un réessai ?
        affordable = self.calls >= 10
        self.calls -= 10 * affordable
        return affordable


# %%
bet("ch05.budget")

# %%
from course.ch05.experiments import busiest, requests_made, returns

without = requests_made()
within = requests_made(Budget())
display(
    show.bars(
        {"sans budget": {"requêtes": without}, "avec budget": {"requêtes": within}},
        title="Ce que reçoit un service en panne, de 60 appels",
        unit="requêtes",
    )
)
settle("ch05.budget", within)

# %% [markdown]
# Et **quand** ? Trente clients sont refusés au même instant. Ils reviennent, soit tous 0,5 s plus tard, soit chacun après un temps tiré au hasard.

# %%
waits = {
    "0,5 s pour tous": returns(lambda: 0.5),
    "au hasard, de 0 à 1,5 s": returns(lambda: random.uniform(0, 1.5)),
}
for how, times in waits.items():
    print(f"{how} : {busiest(times)} clients au plus en 0,1 s")
show.distribution(waits, title="Quand reviennent les trente clients")

# %% [markdown]
# Un mur, ou une pente. Ce hasard s’appelle la **gigue** (*jitter*). On l’ajoute au **recul exponentiel** (*exponential backoff*), une attente qui double à chaque essai.
#
# ### Exercice : réessayer sans commander deux fois
#
# `place(url, order, seconds)` envoie `order`, en JSON, par `POST url`.
#
# - Connexion impossible ou rompue, silence d’une seconde, 502, 503 ou 504 : elle réessaie, jusqu’à quatre essais en tout. Toute autre réponse, elle la rend aussitôt, telle que `requests` la donne.
# - Chaque essai porte `Idempotency-Key` : la même clé pendant tout l’appel, une autre à l’appel suivant.
# - Avant de réessayer, elle appelle `sleep` pour un temps tiré au hasard : de 0 à 0,2 s, puis à 0,4 s, puis à 0,8 s.
# - `seconds` est ce que le client attend encore : ce temps passé, aucun essai ne commence ni ne continue.
# - Si elle renonce, elle rend `None`.
#
# La vérification joue le service en panne (il répond d’un coup, ou se tait), compte les essais, aussi ceux d’un *thread* abandonné, lit leurs clés. Elle passe son propre `sleep`, qui note les attentes, ou dort trop longtemps.

# %% answer="ch05.retry"
def place(url, order, seconds, sleep=time.sleep):
    """La réponse qui décide, ou None."""
    ### BEGIN SOLUTION
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    end = time.monotonic() + seconds
    for attempt in range(4):
        left = end - time.monotonic()
        if left <= 0:
            break
        try:
            response = requests.post(url, json=order, headers=headers, timeout=min(1, left))
        except requests.RequestException:
            pass
        else:
            if response.status_code not in (502, 503, 504):
                return response
        if attempt < 3:
            wait = random.uniform(0, 0.2 * 2**attempt)
            sleep(max(0, min(wait, end - time.monotonic())))
    return None
    ### END SOLUTION


# %% check="ch05.retry"
check("ch05.retry", place)

# %% [markdown]
# ## Deux écritures se croisent : laquelle reste ?
#
# Ana et Bruno lisent la même fiche. Elle change la description, il change le prix ; chacun renvoie la fiche entière par PUT. Ana d’abord.

# %%
bet("ch05.update")

# %%
from course.ch05.experiments import both_edit

shop.sign_in("admin")
statuses, left = both_edit(shop, conditional=False)
print(*statuses)
settle("ch05.update", left)

# %% [markdown]
# Deux fois 200, et le travail d’Ana a disparu : c’est la **mise à jour perdue** (*lost update*). Mais la fiche est lue avec une empreinte, l’en-tête `ETag`. Renvoyons-la dans `If-Match` : « remplace, si c’est encore ce que j’ai lu ».

# %%
statuses, left = both_edit(shop, conditional=True)
shop.sign_in("alice")
print(*statuses, "·", left)

# %% [markdown]
# Bruno reçoit **412** : il relit, puis recommence. Rien n’est perdu en silence.

# %% [markdown]
# ## Pour aller plus loin
#
# ### Mort ou arrêté : la différence se voit-elle à la connexion ?
#
# On tue *products* ; puis on l’arrête seulement, par SIGSTOP, comme une machine qui manque de mémoire. Chaque fois, on se connecte, et l’on demande un article.

# %%
from course.ch05.experiments import connect_and_ask

seen = connect_and_ask(shop, "products")
show.table(["products est", "L’appelant voit"], seen.items(), left=2)

# %% [markdown]
# Le processus arrêté accepte encore : c’est le **noyau** du système qui ouvre la connexion, sans lui. Un délai de connexion ne suffit donc pas ; il faut aussi limiter l’attente de la réponse. Et vérifier qu’un port est ouvert ne prouve pas qu’un service travaille.
#
# ### Exercice : trouvez le défaut
#
# Cette caisse garde les reçus par clé. Envoyée deux fois, une clé ne débite qu’une fois. Des clients se plaignent pourtant : débités deux fois, pour un seul achat.

# %%
# %%service caisse
import sqlite3
import time
import uuid

from flask import Flask, abort, request

app = Flask(__name__)
failed = set()


def sql(statement, *values):
    with sqlite3.connect("caisse.db", timeout=10) as db:
        return db.execute(statement, values).fetchall()


sql("CREATE TABLE IF NOT EXISTS debits (card TEXT, began REAL, ended REAL)")
sql("CREATE TABLE IF NOT EXISTS receipts (key TEXT PRIMARY KEY, receipt TEXT)")


def debit(card):
    """La banque débite la carte, à chaque appel ; OSError si elle est en panne."""
    began = time.monotonic()
    time.sleep(0.3)
    if card.startswith("tok_down") and card not in failed:
        failed.add(card)
        raise OSError("la banque ne répond pas")
    sql("INSERT INTO debits VALUES (?, ?, ?)", card, began, time.monotonic())


@app.get("/debits/<card>")
def debits(card):
    return {"debits": sql("SELECT began, ended FROM debits WHERE card = ?", card)}


@app.post("/payments")
def pay():
    key = request.headers.get("Idempotency-Key") or abort(400)
    known = sql("SELECT receipt FROM receipts WHERE key = ?", key)
    if known:
        return {"receipt": known[0][0]}, 201
    try:
        debit(request.get_json()["card"])
    except OSError:
        abort(503)
    receipt = str(uuid.uuid4())
    sql("INSERT OR IGNORE INTO receipts VALUES (?, ?)", key, receipt)
    return {"receipt": receipt}, 201


# %%
from course.ch05.experiments import send_twice

show.table(["Deux envois de la même clé", "Débits"], send_twice(shop, "caisse").items())

# %% [markdown]
# Trouvez pourquoi, puis récrivez `pay`. Ne touchez pas à `debit` ni à `/debits`, que la vérification lit.
#
# - Sans clé : 400. Avec une clé nouvelle : un débit, et 201.
# - La même clé, plus tard : aucun débit, et la première réponse, statut et corps.
# - La même clé, au même moment : un seul débit ; les autres envois attendent cette réponse, ou reçoivent 409.
# - Des clés différentes ne s’attendent pas.
# - La banque en panne (`OSError`) : 503, et la même clé peut réessayer.
#
# La vérification envoie des paiements, seuls puis ensemble. Elle ne tue pas la caisse, qui tourne en un seul exemplaire.

# %% answer="ch05.till"
# %%service caisse
import sqlite3
import time
import uuid

from flask import Flask, abort, request

app = Flask(__name__)
failed = set()


def sql(statement, *values):
    with sqlite3.connect("caisse.db", timeout=10) as db:
        return db.execute(statement, values).fetchall()


sql("CREATE TABLE IF NOT EXISTS debits (card TEXT, began REAL, ended REAL)")
sql("CREATE TABLE IF NOT EXISTS receipts (key TEXT PRIMARY KEY, receipt TEXT)")


def debit(card):
    """La banque débite la carte, à chaque appel ; OSError si elle est en panne."""
    began = time.monotonic()
    time.sleep(0.3)
    if card.startswith("tok_down") and card not in failed:
        failed.add(card)
        raise OSError("la banque ne répond pas")
    sql("INSERT INTO debits VALUES (?, ?, ?)", card, began, time.monotonic())


@app.get("/debits/<card>")
def debits(card):
    return {"debits": sql("SELECT began, ended FROM debits WHERE card = ?", card)}


@app.post("/payments")
def pay():
    ### BEGIN SOLUTION
    key = request.headers.get("Idempotency-Key") or abort(400)
    try:
        sql("INSERT INTO receipts (key) VALUES (?)", key)
    except sqlite3.IntegrityError:
        receipt = sql("SELECT receipt FROM receipts WHERE key = ?", key)[0][0]
        return ({"receipt": receipt}, 201) if receipt else abort(409)
    try:
        debit(request.get_json()["card"])
    except OSError:
        sql("DELETE FROM receipts WHERE key = ?", key)
        abort(503)
    receipt = str(uuid.uuid4())
    sql("UPDATE receipts SET receipt = ? WHERE key = ?", receipt, key)
    return {"receipt": receipt}, 201
    ### END SOLUTION


# %% check="ch05.till"
check("ch05.till")

# %%
progress()

# %% [markdown]
# En deux phrases, avec vos mots : que retiendrez-vous de ce chapitre ? Elles restent dans votre journal de bord.

# %%
takeaway("ch05")

# %% [markdown]
# ## Ce que nous savons maintenant
#
# - Une erreur ne dit pas que rien n’est fait. Seule une **clé d’idempotence** permet de réessayer une commande.
# - Mort, muet, incohérent, inconnu : quatre réponses différentes, dont une seule accuse le client.
# - On attend **peu**, on dit **jusqu’à quand**, on réessaie **rarement** et **au hasard**.
#
# Avec un budget, le service en panne est encore appelé, et chaque appel attend. Et si l’on cessait d’essayer ? C’est [le chapitre suivant](course:next).
