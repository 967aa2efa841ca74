# %% [markdown]
# # Saga
#
# Une commande touche trois bases. Aucune ne peut annuler ce que les autres ont écrit.
#
# **À la fin, vous saurez**
#
# - suivre une saga et ses compensations dans une vraie trace ;
# - choisir entre orchestration et chorégraphie, en comptant ;
# - empêcher deux clients d’acheter le même dernier article ;
# - écrire une saga qui finit bien, où qu’elle meure.

# %% tags=["setup"]
from workbook import Shop, bet, check, hint, settle, solution, takeaway
from workbook.failures import failures
from course.ch09 import experiments as ch09
from course.ch09.experiments import NoAnswer

shop = Shop.start(*ch09.SERVICES)
token = shop.sign_in("alice")
shop

# %% [markdown]
# *payments* a débité, mais sa réponse s’est perdue. *orders* redemande deux fois, avec la même clé d’idempotence.

# %%
bet("ch09.again")

# %%
debits = ch09.debits(shop, times=3)
print("Débits faits :", debits)
settle("ch09.again", debits)

# %% [markdown]
# Redemander est donc sans danger. Gardez cela en tête : tout ce chapitre repose dessus.
#
# ## Comment annuler sans ROLLBACK ?
#
# Dans une seule base, un `ROLLBACK` efface tout. Ici le stock, l’argent et la commande ont chacun leur base. Le module répond par une **saga** (*saga*) : une suite de petites transactions, une par service. Quand l’une échoue, on défait les précédentes par des **compensations** (*compensating transactions*).
#
# ```mermaid
# sequenceDiagram
#     participant Client
#     participant OrderService
#     participant PaymentService
#     participant InventoryService
#
#     Client->>OrderService: Create Order
#     OrderService->>InventoryService: Reserve Items
#     InventoryService-->>OrderService: Items Reserved
#     OrderService->>PaymentService: Process Payment
#     PaymentService-->>OrderService: Payment Failed
#     OrderService->>InventoryService: Release Items (Compensate)
#     OrderService-->>Client: Order Failed
# ```
#
# Alice commande une lampe, et sa banque refuse la carte :

# %%
refused = ch09.refused_order(shop)
ch09.calls_only(shop, refused)

# %% [markdown]
# C’est le dessin du module, plus une question au catalogue : le prix. `DELETE /reservations` remet la lampe en rayon.
#
# Compenser n’est pas effacer : entre la réservation et son annulation, **les autres ont vu** un rayon plus vide. Une saga n’a pas l’**isolation** (*isolation*) d’une transaction.
#
# ## Et si deux clients veulent la dernière lampe ?
#
# Essayons sans rien mettre de côté : *inventory* regarde s’il reste une lampe, et ne la prend qu’à la fin. Il en reste une. Alice la commande, et pendant que sa banque réfléchit, Bob aussi.

# %%
bet("ch09.rivals")

# %%
races = ch09.Races()
races["sans mettre de côté"] = ch09.race(shop, lock=False)
display(races)
settle("ch09.rivals", races["sans mettre de côté"].paid)

# %%
races["mise de côté"] = ch09.race(shop)
races["mise de côté, carte refusée"] = ch09.race(shop, card="tok_declined")
races

# %% [markdown]
# La lampe mise de côté est un **verrou sémantique** (*semantic lock*) : une marque « en cours » que les autres respectent, sans que personne attende. Son prix est à la dernière ligne : Bob est refusé pour une lampe qui revient en rayon.
#
# ## Qui conduit ?
#
# Dans notre boutique, *orders* dit à chacun quoi faire : c’est l’**orchestration** (*orchestration*). La boutique sait faire l’inverse : chacun écoute les événements et connaît sa part ; c’est la **chorégraphie** (*choreography*).
#
# Comptons ce que se disent *orders*, *inventory* et *payments* pour une commande confirmée : demandes et réponses, publications et livraisons.

# %%
bet("ch09.messages")

# %%
ways = ch09.both_ways(shop)
display(ways["chorégraphie"].sequence(shop), ways)
settle("ch09.messages", ways.fewer())

# %% [markdown]
# Les événements ne réduisent pas les messages : chacun voyage deux fois, et la carte, qu’aucun événement ne doit porter, demande un appel. Ce qui change :
#
# | | orchestration | chorégraphie |
# |---|---|---|
# | le déroulement se lit | à un endroit | en trois morceaux |
# | ajouter un service qui écoute | il faut changer *orders* | rien à changer |
# | un service est arrêté | *orders* réessaie | le message attend |
#
# ## Que se passe-t-il si *orders* meurt au milieu ?
#
# *orders* tient un **journal** (*saga log*). Il y note chaque demande **avant** de l’envoyer, `("reserve", "started")`, puis la réponse, `("reserve", "done")` ou `("charge", "refused")`. Si une commande n’est pas payée à temps, il note `("saga", "timed out")` et défait tout. Une fonction lit ce journal et dit quoi demander ensuite. En voici une :

# %%
def hasty(history):
    """La prochaine demande ; None à la fin."""
    done = [name for name, outcome in history if outcome == "done"]
    wanted = ["reserve", "charge", "confirm"]
    if any(outcome in ("refused", "timed out") for _, outcome in history):
        undo = {"charge": "refund", "reserve": "release"}
        wanted = [undo[name] for name in ("charge", "reserve") if name in done]
    return next((name for name in wanted if name not in done), None)


failures(hasty, situations=ch09.CALM)

# %% [markdown]
# Sans panne, ses trois fins sont justes : ses tests passent. L’**arbre des pannes** essaie maintenant tout, à chaque étape : *orders* meurt avant l’appel, ou avant de noter la réponse ; la réponse se perd ; la demande s’attarde ; le temps s’écoule.

# %%
bet("ch09.faults")

# %%
tree = failures(hasty)
display(tree)
settle("ch09.faults", ch09.faults(tree))

# %% [markdown]
# En gras, le plus court chemin vers une fin fausse. Est-ce vrai, ou seulement un calcul ? Rejouons-le : vrais processus, vrai `kill -9`, vraies bases.

# %%
tree.replay(shop)

# %% [markdown]
# `hasty` ne défait que ce qui a **répondu**. Or une demande sans réponse a peut-être eu lieu.
#
# ## Dans quel ordre défaire ?
#
# *payments* se tait après qu’*orders* a demandé le débit, et le temps s’écoule. Rangez les quatre demandes de notre boutique.

# %%
bet("ch09.undoing")

# %%
undone = ch09.Undone(shop)
display(undone)
settle("ch09.undoing", undone.sent)

# %% [markdown]
# On défait d’abord le dernier fait, et on rembourse **sans savoir** si l’on a débité. Les étapes d’avant le débit se **compensent** (*compensable*) ; le débit est le **pivot** (*pivot*) ; après lui on ne recule plus : `confirm` se **réessaie** (*retriable*) jusqu’au bout.
#
# ### Exercice : écrire la saga
#
# Écrivez `next_command(history)` : le nom de la prochaine demande, ou `None` quand tout est fini. `history` est le journal décrit plus haut, une liste de couples ; après une mort, on vous le redonne tel qu’il est.
#
# - Pour avancer : `"reserve"`, `"charge"`, `"confirm"`.
# - Après un refus ou `("saga", "timed out")`, défaites : `"release"` défait `reserve`, `"refund"` défait `charge`.
# - Une demande restée sans réponse se redemande, autant de fois qu’il le faut.
# - Le même journal donne toujours la même réponse.
#
# La vérification construit l’arbre de votre fonction : sans panne, puis avec toutes les pannes ci-dessus, et avec deux commandes pour un dernier article. À chaque fin, l’argent et le stock doivent être d’accord avec la commande, et toute commande doit finir. `failures(next_command)` vous le montre.

# %% answer="ch09.saga"
def next_command(history):
    """La prochaine demande ; None quand tout est fini."""
    ### BEGIN SOLUTION
    wanted = ["reserve", "charge", "confirm"]
    if any(outcome in ("refused", "timed out") for _, outcome in history):
        undo = {"charge": "refund", "reserve": "release"}
        wanted = [
            undo[name]
            for name in ("charge", "reserve")
            if (name, "started") in history and (name, "refused") not in history
        ]
    return next((name for name in wanted if (name, "done") not in history), None)
    ### END SOLUTION


# %% check="ch09.saga"
check("ch09.saga", next_command)

# %% [markdown]
# ## Et si l’annulation arrive avant ?
#
# Votre saga rend peut-être une lampe dont la réservation voyage encore. Le petit service *rayon* suit ses réservations :

# %%
# %%service rayon
from flask import Flask

app = Flask(__name__)
orders, stock = {}, {"left": 1000, "aside": 0}


@app.put("/reservations/<order>")
def reserve(order):
    if order not in orders:
        orders[order] = "de côté"
        stock.update(left=stock["left"] - 1, aside=stock["aside"] + 1)
    return {"order": order}


@app.delete("/reservations/<order>")
def release(order):
    if orders.pop(order, None):
        stock.update(left=stock["left"] + 1, aside=stock["aside"] - 1)
    return "", 204


@app.get("/stock")
def show():
    return stock


# %% [markdown]
# L’annulation arrive la première, puis la demande attardée, chez *rayon*. Combien de lampes restent de côté ?

# %%
bet("ch09.late")

# %%
aside = ch09.late_everywhere(shop)
display(ch09.late_table(aside))
settle("ch09.late", aside["rayon"])

# %% [markdown]
# Cette lampe n’a plus de commande, et plus personne ne viendra la rendre. *inventory*, lui, a gardé une trace de l’annulation, une **pierre tombale** (*tombstone*), et refuse la demande attardée.
#
# ### Exercice : annuler ce qui n’est pas encore arrivé
#
# Corrigez *rayon*, pour que l’ordre d’arrivée et les répétitions ne changent rien. Pour chaque commande :
#
# - `PUT` met **une** lampe de côté, une seule fois, et répond 2xx, même répété ; mais si la commande a été annulée, même cent commandes plus tôt, rien ne bouge et il répond **410** ;
# - `DELETE` répond toujours 2xx ; la lampe de côté, s’il y en a une, retourne en rayon, une seule fois ; la commande est annulée, même si son `PUT` n’est pas arrivé ;
# - `GET /stock` rend `left` et `aside`.
#
# La mémoire suffit ici, et les lampes ne manquent pas. `<order>` est un texte. La vérification envoie toutes les suites d’une à quatre demandes, l’une après l’autre, puis celles de deux commandes mêlées, puis cent annulations avant leurs `PUT`. Elle regarde de combien le stock a changé.

# %% answer="ch09.tombstone"
# %%service rayon
from flask import Flask, abort

app = Flask(__name__)
orders, stock = {}, {"left": 1000, "aside": 0}


@app.put("/reservations/<order>")
def reserve(order):
    ### BEGIN SOLUTION
    if orders.get(order) == "annulée":
        abort(410)
    if order not in orders:
        orders[order] = "de côté"
        stock.update(left=stock["left"] - 1, aside=stock["aside"] + 1)
    return {"order": order}
    ### END SOLUTION


@app.delete("/reservations/<order>")
def release(order):
    ### BEGIN SOLUTION
    if orders.get(order) == "de côté":
        stock.update(left=stock["left"] + 1, aside=stock["aside"] - 1)
    orders[order] = "annulée"
    return "", 204
    ### END SOLUTION


@app.get("/stock")
def show():
    return stock


# %% check="ch09.tombstone"
check("ch09.tombstone")

# %% [markdown]
# ## Pour aller plus loin
#
# ### Faut-il vraiment tout essayer ?
#
# Une équipe teste sa saga en tuant *orders* au hasard, une fois par commande. Une commande qui va bien compte trois demandes, donc six instants où mourir : avant chaque appel, et avant d’en noter la réponse. Nous plantons un défaut dans une saga juste : quand *orders* redemande le débit, il prend une clé neuve.

# %%
bet("ch09.luck")

# %%
searches = ch09.search_by_lot()
display(searches)
settle("ch09.luck", searches[ch09.NEW_KEY].found)

# %% [markdown]
# Les trois autres défauts survivent à **toute** mort seule : il leur faut deux événements, comme une mort et un délai, ou un message attardé. Tuer au hasard, même mille fois, ne les montre pas. Énumérer les trouve tous, en une seconde.
#
# ### Exercice : trouvez le défaut
#
# Votre collègue a écrit tout l’orchestrateur en une fonction. Elle mène une commande à sa fin ; après une mort, on la rappelle avec le même journal. Ses tests passent.

# %%
def run(log, send, is_late):
    """Mène une commande à sa fin, et dit laquelle."""
    for command in ("reserve", "charge", "confirm"):
        if any(outcome in ("refused", "timed out") for _, outcome in log):
            break
        if (command, "done") in log:
            continue
        if command != "confirm" and is_late():
            log.append(("saga", "timed out"))
        else:
            log.append((command, send(command)))
    if ("confirm", "done") in log:
        return "CONFIRMED"
    for command, undo in (("charge", "refund"), ("reserve", "release")):
        if (command, "done") in log and (undo, "done") not in log:
            log.append((undo, send(undo)))
    return "CANCELLED" if ("saga", "timed out") in log else "REJECTED"


# %% [markdown]
# - `log` est le journal, sur disque : on ne fait qu’y ajouter, avec `log.append(…)`, les lignes que l’on veut. Une mort efface tout le reste.
# - `send(command)` rend `"done"` ou, pour `reserve` et `charge`, `"refused"`. Ou bien elle lève `NoAnswer` : la demande a eu lieu ou non, personne ne le sait. Ne redemandez pas aussitôt : laissez l’exception sortir de `run`, qui sera rappelée plus tard. Les participants sont justes : idempotents, avec leurs pierres tombales.
# - `is_late()` dit si le temps est écoulé. Regardez-la avant chaque `reserve` et chaque `charge` : si le temps est écoulé et que le journal ne dit pas encore que le débit est fait, on abandonne. Une fois le débit noté, on va au bout.
#
# `run` rend `"CONFIRMED"` (payée, vendue), `"REJECTED"` (un refus) ou `"CANCELLED"` (trop tard) ; dans ces deux derniers cas, rien n’est débité, rien n’est de côté. Un refus **et** trop tard : les deux réponses sont bonnes.
#
# Réparez-la. La vérification joue `run` sans panne. Puis, une ou deux fois dans la même commande, elle tue le programme avant ou après un `log.append` ou un `send`, perd une demande ou une réponse, laisse le temps s’écouler, et rappelle `run`.

# %% answer="ch09.runner"
def run(log, send, is_late):
    """Mène une commande à sa fin, et dit laquelle."""
    ### BEGIN SOLUTION
    for command in ("reserve", "charge", "confirm"):
        if any(outcome in ("refused", "timed out") for _, outcome in log):
            break
        if (command, "done") in log:
            continue
        if command != "confirm" and is_late():
            log.append(("saga", "timed out"))
        else:
            log.append((command, "started"))
            log.append((command, send(command)))
    if ("confirm", "done") in log:
        return "CONFIRMED"
    for command, undo in (("charge", "refund"), ("reserve", "release")):
        perhaps = (command, "started") in log and (command, "refused") not in log
        if perhaps and (undo, "done") not in log:
            log.append((undo, send(undo)))
    return "CANCELLED" if ("saga", "timed out") in log else "REJECTED"
    ### END SOLUTION


# %% check="ch09.runner"
check("ch09.runner", run)

# %% [markdown]
# Avant de fermer, dites ce chapitre en deux phrases, pour votre journal de bord.

# %%
takeaway("ch09")

# %% [markdown]
# ## Ce que nous savons maintenant
#
# - Une saga ne revient pas en arrière : elle **compense**. Entre-temps les autres voient ; un verrou sémantique les arrête.
# - Une demande sans réponse a peut-être eu lieu : on la note avant, on la redemande avec la même clé, ou on la défait.
# - Une compensation se répète, et peut arriver la première : elle laisse une pierre tombale. Et l’on essaie **toutes** les pannes, pas une au hasard.
#
# La boutique finit bien toutes ses commandes. Ensuite : [la suite](course:next).
