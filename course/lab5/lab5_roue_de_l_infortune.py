# %% [markdown]
# # Laboratoire 5 : la roue de l’infortune
#
# Il est 14 h. La boutique va mal, et personne ne sait pourquoi. Vous êtes d’astreinte.
#
# **À la fin, vous saurez**
#
# - voir qu’une promesse est rompue, et depuis quand, sans vous réveiller pour du bruit ;
# - trouver le service en faute, et l’arête qui le montre ;
# - soulager les clients d’abord, réparer ensuite ;
# - prouver qu’un incident est fini.

# %% [markdown]
# ## Qu’allez-vous construire ?
#
# ```mermaid
# graph LR
#     D[Détecter] --> L[Localiser]
#     L --> E[Expliquer]
#     E --> S[Soulager]
#     S --> R[Réparer]
#     R --> T[Survivre]
# ```
#
# D’abord vos outils d’astreinte, un par étape. Puis la roue tire un incident, dans une vraie boutique, et c’est la boutique qui note.
#
# | Étape | Points | Minutes |
# |---|---|---|
# | 1. détecter : quelle promesse, depuis quand | 5 | 20 |
# | 2. localiser : le plus profond des segments rouges | 5 | 20 |
# | 3. le rapport d’un incident vécu | 6 | 20 |
# | 4. soulager, réparer, survivre | 9 | 20 |
# | 5. la roue, pour s’entraîner (*plus loin*) | – | 15 |
# | 6. l’examen : trois incidents (*plus loin*) | 3 × 20 | 60 |
#
# On peut s’arrêter après chaque étape, et reprendre un autre jour ; dans l’examen aussi, entre deux incidents.

# %% tags=["setup"]
from course.lab5.experiments import (
    Exam,
    Wheel,
    answers,
    causes,
    clock,
    open_shop,
    practise,
    promises,
    red,
)
from workbook import Shop, bet, check, hint, progress, settle, solution, takeaway

shop = open_shop()

# %% [markdown]
# ## Étape 1 : qu’avait-on promis ?
#
# Un client ne voit ni services ni files. Il voit des promesses :

# %%
promises()

# %% [markdown]
# « Rayon » est un confort : on ne réveille personne pour lui. Les autres sont **vitales**. Le courriel et le débit ne s’apprennent qu’après la vente : rien, dans sa réponse, ne dit qu’ils manquent.
#
# Un jour ordinaire, une promesse est rompue de loin en loin : un délai, une coupure. Une **alerte** (*alert*) utile ignore ce bruit, et ne rate pas une panne d’une visite sur deux.
#
# ### Exercice : détecter
#
# Écrivez `detect(visits)`. Chaque visite est un dictionnaire : `at`, en secondes ; `promise`, son nom dans le tableau ; `kept`, vrai ou faux. Elles sont rangées par `at`, une minute en tout.
#
# - Rien de durable : `None`.
# - Sinon le couple `(promesse, seconde)` : la promesse **vitale** qui se rompt, et quand cela commence : le `at` de la première visite que la panne fait manquer, à quatre secondes près.
#
# Comptez par promesse. Un jour ordinaire, sur huit de ses visites qui se suivent, une au plus est manquée. Une panne rompt une seule promesse, au moins une fois sur deux : deux visites de suite ne sont jamais tenues. Elle dure jusqu’à la fin, depuis huit de ses visites au moins.


# %% answer="lab5.detect"
def detect(visits):
    """La promesse vitale qui se rompt et la seconde où cela commence, ou None."""
    ### BEGIN SOLUTION
    for promise in ("catalogue", "commande", "refus", "courriel", "débit"):
        mine = [visit for visit in visits if visit["promise"] == promise]
        for n, visit in enumerate(mine):
            lost = sum(not other["kept"] for other in mine[n : n + 8])
            if not visit["kept"] and lost >= 4:
                return promise, visit["at"]
    return None
    ### END SOLUTION


# %% check="lab5.detect"
check("lab5.detect", detect)

# %% [markdown]
# ## Étape 2 : qui est en faute ?
#
# Une trace en échec a souvent plusieurs segments rouges : celui qui échoue, et tous ceux qui rapportent son échec. Suivez le rouge **jusqu’au plus profond**.
#
# Un segment a, entre autres, `service`, `span_kind` (`server`, `client`, `producer`, `consumer`), `span_id` et `parent_id`. Dans `attributes` : `peer.service`, l’appelé d’un segment `client` ; `messaging.destination.subscription.name`, la file d’un segment `consumer`. `red(span)` dit s’il est rouge.
#
# ### Exercice : localiser
#
# Écrivez `locate(spans)`, qui rend `(service, (de, vers))`, ou `None` si rien n’est rouge. Prenez le segment rouge dont aucun enfant n’est rouge :
#
# - `server` : ce service échoue ; l’arête va de qui l’appelle à lui ;
# - `client`, et l’appelé n’a **aucun** segment en dessous : l’appelé ne répond pas ; l’arête va de l’appelant à lui ;
# - `client`, et le segment de l’appelé est **vert** : l’appelant a raccroché trop tôt, la faute est à lui ; même arête ;
# - `consumer` : ce lecteur échoue ; l’arête va de la file à lui.
#
# Il n’y en a qu’un par trace. Les segments arrivent dans n’importe quel ordre ; celui de la passerelle n’a pas de parent.


# %% answer="lab5.locate"
def locate(spans):
    """Le service en faute et l’arête qui le montre, ou None."""
    ### BEGIN SOLUTION
    by_id = {span["span_id"]: span for span in spans}
    children = {id: [s for s in spans if s["parent_id"] == id] for id in by_id}
    for span in filter(red, spans):
        below = children[span["span_id"]]
        if any(map(red, below)):
            continue
        service, attributes = span["service"], span["attributes"]
        if span["span_kind"] == "consumer":
            return service, (attributes["messaging.destination.subscription.name"], service)
        if span["span_kind"] == "server":
            caller = by_id.get(span["parent_id"])
            return service, (caller["service"] if caller else "client", service)
        peer = attributes["peer.service"]
        return (service if below else peer), (service, peer)
    return None
    ### END SOLUTION


# %% check="lab5.locate"
check("lab5.locate", locate)

# %% [markdown]
# ## Étape 3 : un incident, vécu et enregistré
#
# La cellule suivante ouvre une boutique neuve, laisse entrer les clients, et déploie les versions du jour. Puis quelque chose casse. Elle dure une vingtaine de secondes ; cet incident-là est le même pour tous.

# %% tags=["setup"]
practice = practise(shop)
wheel, hurt = practice.wheel, practice.hurt

# %% [markdown]
# Vers la fin, quelqu’un a eu l’idée de **tout relancer**. **Votre pari** :

# %%
bet("lab5.restart")

# %%
settle("lab5.restart", practice.sales_lost)

# %% [markdown]
# Relancer un programme faux donne le même programme. Cherchons. Ce qu’ont vécu les clients, puis le journal des déploiements :

# %%
wheel.customers(seconds=600)

# %%
wheel.versions()

# %% [markdown]
# Deux services ont changé. Voici les visites manquées, puis ce que chacun a répondu dans la trace de la dernière :

# %%
hurt

# %%
answers(shop, hurt[-1])

# %% [markdown]
# `shop.trace(hurt[-1].trace)` la dessine. Attention : ici, celui qui **échoue** n’est pas celui qui a **changé**. Lisez ce que chacun répond, et ce que l’autre en fait. La boîte noire, elle, a tout gardé : `wheel.recording.replay()` la rejoue.
#
# Voici les causes entre lesquelles choisir, ici et dans la suite :

# %%
causes()

# %% [markdown]
# ### Exercice : le rapport
#
# Donnez à `report` un **dictionnaire** de six clés, et aucune autre :
#
# - `"what"` : la promesse rompue, comme `visit.promise` (une seule suffit) ;
# - `"since"` : l’heure de la première visite manquée, le nombre `visit.at`, à deux secondes près ;
# - `"service"` : celui à réparer, c’est-à-dire celui qui a changé et fait échouer l’autre ;
# - `"edge"` : le couple de la carte, `(qui appelle, qui répond)`, entre ces deux-là ;
# - `"cause"` : un mot de la première colonne ;
# - `"trace"` : l’identifiant, entier, d’une trace qui montre la panne.

# %% answer="lab5.report"
### BEGIN SOLUTION
report = {
    "what": hurt[0].promise,
    "since": hurt[0].at,
    "service": "products",
    "edge": ("orders", "products"),
    "cause": "contrat",
    "trace": hurt[-1].trace,
}
### END SOLUTION

# %% check="lab5.report"
check("lab5.report", report)

# %% [markdown]
# C’était le 19 juillet 2024, en petit : CrowdStrike distribue un contenu dont la forme n’est pas celle que son lecteur attend, et huit millions et demi de machines s’arrêtent.
#
# ## Étape 4 : soulager, puis réparer
#
# Soulager, c’est que les clients soient servis, **même si la faute est encore là**. Réparer, c’est qu’elle n’y soit plus, et que les **livres** soient justes : l’argent, le stock, une fin par commande, un courriel par fin. Vos gestes :
#
# | Geste | Ce qu’il fait |
# |---|---|
# | `wheel.scale("orders", 3)` | tourner à trois instances |
# | `wheel.cut("orders-2")` | tuer une instance, ou un programme à nous, sans le relancer |
# | `wheel.restart("orders")` | relancer, tel quel |
# | `wheel.roll_back("orders")` | revenir à la version d’avant |
# | `wheel.disable("/orders")`, `wheel.enable("/orders")` | fermer, rouvrir une route GET de la passerelle |
# | `wheel.replay("orders")` | republier les événements d’un service |
# | `shop["inventory"].delete(…)` | tout ce que les API permettent |
#
# ### Exercice : les livres fantômes
#
# Chaque carte refusée avait mis des livres de côté ; la version du jour de *orders* ne les rend plus. Bientôt tout est réservé, rien n’est vendu, et les clients lisent « épuisé ».
#
# Écrivez `mend(wheel)` : la vérification fait vivre cet incident, l’appelle une fois, et mesure.
#
# - 4 points : seize visites de suite, sans une promesse rompue.
# - 2 points : la faute n’est plus là, les livres sont justes.
# - 3 points : la **tempête**. Douze commandes d’un coup, *orders* tué au milieu, et les livres encore justes.
#
# `wheel.visits()` donne les visites finies, des objets comme ceux de `hurt` : `visit.promise`, `visit.kept`, et `visit.order`, le numéro de la commande, ou `None`. Une carte refusée est une visite « refus », et dire ce refus au client tient la promesse : `kept` y est vrai.
#
# `DELETE /reservations/<commande>`, chez *inventory*, rend ce qui était mis de côté, et peut être répété. D’une commande vendue, il ne rend rien et répond 409. `mend` n’a rien à attendre, et rend la main en quelques secondes ; comptez une minute pour la vérification entière.


# %% answer="lab5.mend"
def mend(wheel):
    """Arrête la fuite, et rend ce qui a fui."""
    ### BEGIN SOLUTION
    wheel.roll_back("orders")
    for visit in wheel.visits():
        if visit.promise == "refus" and visit.order:
            shop["inventory"].delete(f"/reservations/{visit.order}")
    ### END SOLUTION


# %% check="lab5.mend"
check("lab5.mend", mend)

# %% [markdown]
# ## Pour aller plus loin
#
# ### Étape 5 : la roue, pour s’entraîner
#
# La graine tire l’incident, sa place et sa force ; la même donne le même. Choisissez la vôtre, enlevez le `#`, et jouez : rien n’est noté.
#
# ```python
# wheel = Wheel(shop, seed=7)
# wheel.spin()               # une vingtaine de secondes
# shop.map()                 # et wheel.customers(), wheel.versions()…
# wheel.hint()               # où regarder ; encore une fois, quoi
# wheel.report(
#     what="courriel", since="14:03:20", service="orders",
#     edge=("orders", "products"), cause="relais", trace="…",
# )
# wheel.roll_back("orders")  # un geste
# wheel.relieved()           # les clients sont-ils servis ?
# wheel.finish()             # les livres, la tempête, la note sur 20
# wheel.correction()         # ce que c’était, et où c’est arrivé
# wheel.recording.replay()   # la boîte noire de votre incident
# ```
#
# Le signal est toujours quelque part : dans les **journaux** (`shop.logs`), les **métriques** (`shop["orders"].get("/metrics").text`), les **traces** (`shop.trace(visit.trace)`) ou la **carte** (`shop.map()`). La correction dit où.

# %%
# wheel = Wheel(shop, seed=7)
# wheel.spin()

# %% [markdown]
# ### Étape 6 : l’examen
#
# Trois incidents, sans indice, sans note avant la fin. Votre enseignant donne la graine. Pour chacun :
#
# | Ce qui est noté | Points |
# |---|---|
# | détecté : la promesse, depuis quand (`report`) | 3 |
# | localisé : le service, l’arête (`report`) | 4 |
# | expliqué : la cause, une trace (`report`) | 4 |
# | soulagé : les clients sont servis (mesuré) | 4 |
# | réparé : la faute n’est plus là, la tempête est passée, les livres sont justes (mesuré) | 5 |
#
# Le temps mis à détecter et à soulager est écrit sur le reçu ; il n’est pas noté. Un incident fini est gardé : un autre jour, la même graine reprend au suivant. Laissé en route, il recommence, et le reçu compte les départs.
#
# ```python
# wheel = exam.begin()  # le prochain incident
# …                     # wheel.report(…), agir, wheel.relieved()
# exam.end()            # mesuré, gardé
# exam.receipt()        # après le troisième
# exam.correction(1)    # et exam.save(1, "incident.html")
# ```

# %%
exam = Exam(shop, seed=2026)
exam

# %% [markdown]
# ## Votre bilan, en une page
#
# Vos points, vos paris ; après l’examen, ajoutez-y `exam.receipt()`, et imprimez.

# %%
progress("lab5")

# %%
takeaway("lab5")

# %% [markdown]
# ## Ce que nous savons maintenant
#
# - On surveille des **promesses**, pas des machines : la pire panne peut n’avoir que des réponses 200.
# - On **soulage** avant de comprendre, on comprend avant de **réparer**.
# - Un incident est fini quand les **livres** sont justes, et qu’une autre mort n’y change rien.
#
# C’était le dernier laboratoire. La suite se joue sur vos propres services.
