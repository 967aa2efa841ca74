# %% [markdown]
# # Découverte de services
#
# Un service démarre, meurt, redémarre ailleurs, tourne en trois exemplaires : comment trouver le bon ?
#
# **À la fin, vous saurez**
#
# - suivre une instance dans un annuaire, de son inscription à son départ ;
# - perdre une instance sans perdre une vente ;
# - dire ce qui continue quand l’annuaire est mort ;
# - répartir les appels quand une instance est lente.

# %% tags=["setup"]
import time
from collections import Counter

from workbook import Shop, bet, check, hint, progress, settle, show, solution, takeaway
from course.ch04 import experiments as ch04
from course.ch04.calling import Lost, NoInstance, Refused

shop = Shop.start("registry", "products")
shop.scale("products", 3)
shop

# %% [markdown]
# ## Qui prévient qui ?
#
# Chaque processus prend un port libre : son adresse change à chaque départ. Il faut un **annuaire** (*service registry*) : c’est la **découverte de services** (*service discovery*), que le module dessine ainsi :
#
# ```mermaid
# graph TB
#     SR[Service Registry] --> |Register| MS1[Service A]
#     SR --> |Register| MS2[Service B]
#     SR --> |Register| MS3[Service C]
#
#     MS1 --> |Discover| SR
#     MS2 --> |Discover| SR
#     MS3 --> |Discover| SR
#
#     MS1 --> |Call| MS2
#     MS2 --> |Call| MS3
# ```
#
# Une flèche va de qui envoie une requête à qui la reçoit. Lançons A, B et C ; C demande un prix à *products*. **Votre pari** : combien de ces huit flèches verrons-nous à l’envers ?

# %%
bet("ch04.arrows")

# %%
arrows = ch04.follow_the_arrows(shop)
display(arrows, shop.map())
settle("ch04.arrows", arrows.reversed())

# %% [markdown]
# Les trois flèches *Register* sont à l’envers. L’annuaire ne devine pas qui démarre : chaque instance donne son adresse, c’est l’**auto-inscription** (*self-registration*). (Son client : ce carnet.)
#
# ## Que sait l’annuaire ?
#
# Demandons-le-lui, puis inscrivons un fantôme.

# %%
ch04.close_letters(shop)
annuaire = shop["registry"]
annuaire.get("/instances/products")

# %%
annuaire.put("/instances/fantome/fantome-1", {"url": "http://127.0.0.1:9"})
annuaire.get("/instances/fantome")

# %% [markdown]
# Il l’a cru, mais n’accorde qu’un **bail** (*lease*) de trois secondes, `expires_in`. Les vraies instances renouvellent le leur chaque seconde : c’est le **battement de cœur** (*heartbeat*). *fantome* ne bat pas ; redemandez-le.
#
# Arrêtée, une instance se **désinscrit** (*deregister*). Tuée par `kill -9`, elle ne dit rien. **Votre pari** : combien de temps l’annuaire donne-t-il encore l’adresse de la morte ?

# %%
bet("ch04.expiry")

# %%
partings = ch04.leave_in_two_ways(shop)
display(partings.picture())
settle("ch04.expiry", round(partings[ch04.KILLED]))

# %% [markdown]
# Ce qui restait du bail : de deux à trois secondes. Plus court, il condamnerait une machine occupée, qui bat en retard. L’annuaire ne sait pas qui est **vivant** ; il sait qui l’était il y a peu.
#
# ### Exercice : tenir l’annuaire
#
# Complétez `Registry`. `clock()` rend l’heure, en secondes : ne la demandez qu’à elle.
#
# - `register(service, url)` : l’adresse est connue pendant trois secondes. Réinscrite, trois nouvelles.
# - `heartbeat(service, url)` : si son bail court encore, trois nouvelles secondes, et `True`. Sinon `False`, et rien ne change.
# - `deregister(service, url)` : oubliée aussitôt. Inconnue, ce n’est pas une erreur.
# - `lookup(service)` : la liste des adresses connues, chacune une fois, dans l’ordre que vous voulez. Trois secondes tout juste après son inscription ou son dernier battement, une adresse n’y est plus.
#
# La vérification a son horloge. Elle joue toutes les suites de cinq inscriptions, battements, départs et attentes au plus.

# %% answer="ch04.leases"
class Registry:
    """Les adresses de chaque service, tant que leur bail court."""

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.ends = {}  # (service, url) → fin du bail

    def register(self, service, url):
        ### BEGIN SOLUTION
        self.ends[service, url] = self.clock() + 3
        ### END SOLUTION

    def heartbeat(self, service, url):
        ### BEGIN SOLUTION
        if url not in self.lookup(service):
            return False
        self.register(service, url)
        return True
        ### END SOLUTION

    def deregister(self, service, url):
        ### BEGIN SOLUTION
        self.ends.pop((service, url), None)
        ### END SOLUTION

    def lookup(self, service):
        ### BEGIN SOLUTION
        now = self.clock()
        return [url for (name, url), end in self.ends.items() if name == service and end > now]
        ### END SOLUTION


# %% check="ch04.leases"
check("ch04.leases", Registry)

# %% [markdown]
# ## Une morte encore dans la liste : qui le paie ?
#
# *vitrine* donne les prix de *products*. Elle lit la liste chaque seconde, et choisit une instance **à tour de rôle** (*round robin*) : c’est la **répartition côté client** (*client-side load balancing*). Elle a trois portes :
#
# - la première appelle celle dont c’est le tour, et n’insiste pas ;
# - la deuxième, sans réponse, essaie la suivante : lire deux fois ne change rien ;
# - la troisième fait de même, et garde pour la fin qui vient de se taire.
#
# Chaque porte reçoit vingt demandes par seconde. Une instance sur trois est tuée. **Votre pari** : combien de demandes la première perd-elle ?

# %%
bet("ch04.kill")

# %%
ch04.open_showcase(shop)
deaths = ch04.kill_one_of_three(shop)
display(deaths.picture())
settle("ch04.kill", deaths.lost())

# %% [markdown]
# Un tiers, jusqu’à la fin du bail et de la liste gardée. Avec l’instance suivante, aucune ; avec la mémoire, presque plus d’essai pour rien. L’annuaire est toujours en retard : c’est à **l’appelant** de le rattraper.
#
# ## Et si l’annuaire meurt ?
#
# Tuons-le cinq secondes, plus que tous les baux. Une seconde vitrine démarre alors. **Votre pari** : que deviennent les ventes de la première ?

# %%
bet("ch04.registry")

# %%
outage = ch04.without_registry(shop)
display(outage.table())
settle("ch04.registry", outage.fate())

# %% [markdown]
# Qui a une liste la garde, et continue : une vieille liste vaut mieux que rien. Mais qui **démarre** n’en a pas : rien ne peut naître, ni remplacer un mort.
#
# ## Lente, et pas morte
#
# Une instance met une demi-seconde de plus. Elle bat : pour l’annuaire, tout va bien. Huit clients demandent 120 prix à tour de rôle : elle en reçoit 40. Puis *vitrine* choisit l’instance où elle a **le moins de requêtes en cours** (*least outstanding requests*). **Votre pari** : combien en reçoit l’instance lente ?

# %%
bet("ch04.slow")

# %%
duel = ch04.one_slow(shop)
display(duel.shares(), duel.picture())
settle("ch04.slow", duel.sent())

# %% [markdown]
# Personne n’a dit à *vitrine* qui était lente : les requêtes qui tardent restent dans le compte, et éloignent les suivantes. À partir de quelle lenteur la règle change-t-elle quelque chose ? Mesurez.

# %%
ch04.slow_trials(shop)

# %% [markdown]
# ### Exercice : répartir, et changer d’instance
#
# Complétez `Balancer`. `lookup()` rend la liste des adresses ; demandez-la à chaque appel, sans la modifier. `call(send, safe)` choisit une adresse, appelle `send(url)` et rend ce qu’elle rend.
#
# - **Choisir** : l’adresse où vous avez le moins d’appels en cours, n’importe laquelle à égalité. Un appel en cours est un `send` commencé et pas fini, quelle que soit sa fin.
# - `send` lève `Refused` : personne n’écoutait. Essayez une autre adresse.
# - `send` lève `Lost` : la requête est peut-être arrivée. Une autre **seulement si** `safe` est vrai.
# - Dans les deux cas, l’adresse est mise **à l’écart** : on ne l’essaie qu’après toutes les autres, jusqu’à ce qu’elle réponde, ou qu’un appel trouve une liste qui ne la cite plus.
# - Jamais deux fois la même adresse dans un appel. Quand il n’y en a plus, l’exception du dernier essai remonte. Toute autre exception remonte aussitôt, et n’écarte personne. Liste vide : levez `NoInstance`.
#
# La vérification joue toutes les fins possibles de trois instances, puis laisse des appels en cours, dans plusieurs *threads*, et regarde où va le suivant. Elle ne fait jamais deux choix au même instant.

# %% answer="ch04.balancer"
class Balancer:
    """Choisit une instance pour chaque appel."""

    def __init__(self, lookup):
        self.lookup = lookup
        ### BEGIN SOLUTION
        self.in_flight = Counter()  # adresse → appels en cours
        self.aside = set()
        ### END SOLUTION

    def call(self, send, safe):
        """Ce que rend send(url) d’une instance."""
        ### BEGIN SOLUTION
        urls = self.lookup()
        self.aside &= set(urls)
        error, left = NoInstance(), set(urls)
        while left:
            url = min(left, key=lambda url: (url in self.aside, self.in_flight[url]))
            left.remove(url)
            try:
                return self.attempt(send, url)
            except (Refused, Lost) as failure:
                error = failure
                if isinstance(failure, Lost) and not safe:
                    break
        raise error

    def attempt(self, send, url):
        self.in_flight[url] += 1
        try:
            answer = send(url)
        except (Refused, Lost):
            self.aside.add(url)
            raise
        finally:
            self.in_flight[url] -= 1
        self.aside.discard(url)
        return answer
        ### END SOLUTION


# %% check="ch04.balancer"
check("ch04.balancer", Balancer)

# %% [markdown]
# ## Pour aller plus loin
#
# ### Que sait un annuaire qui revient ?
#
# Il n’écrit rien sur le disque. Celui que nous avons tué est revenu : que savait-il ?

# %%
outage.return_table()

# %% [markdown]
# D’abord rien ou presque ; un battement de chacune suffit ensuite. Mais à cet instant, « aucune adresse », avec un beau 200, est plus dangereux qu’un silence : qui le croit jette sa bonne liste. Nos services gardent la leur trente secondes.
#
# ### La moins occupée est-elle toujours la bonne ?
#
# Les deux instances saines travaillent un quart de seconde par demande. La troisième répond 500, **aussitôt**, comme avec un disque plein. À tour de rôle, un tiers des demandes échoue, soit 40 sur 120. **Votre pari** : et avec la règle de la moins occupée ?

# %%
bet("ch04.hole")

# %%
duel = ch04.one_failing(shop)
display(duel.failures_picture())
settle("ch04.hole", duel.failed())

# %% [markdown]
# C’est bien pire : la malade échoue si vite qu’elle n’a jamais rien en cours, et attire presque tout. Elle est un **trou noir** (*black hole*), et son cœur bat toujours. La parade est de compter aussi les erreurs de chaque instance, et d’écarter un moment celle qui en fait trop : l’**éjection** (*outlier ejection*). C’est un disjoncteur par instance : chapitre 6.
#
# ### Qui a le droit de se désinscrire ?
#
# On remplace *fantome-1* : le nouveau processus prend le nom de l’ancien, qui finit son travail et s’en va. Voici notre annuaire, le vrai. À chaque inscription il donne un numéro de **bail**, neuf, que le processus rappelle en battant et en partant :

# %%
ch04.replaced_then_left(shop)

# %% [markdown]
# Le nom est au dernier inscrit. L’ancien présente un bail fini : il reçoit **409**, et ne touche à rien. Un annuaire qui ne regarderait que le nom aurait effacé le nouveau : il tourne, et plus personne ne le trouve.
#
# ### Exercice : trouvez le défaut
#
# Votre collègue a écrit un annuaire sans expiration. Il donne un numéro de bail à chaque inscription, chaque processus le rappelle, et personne ne le lit.

# %%
# %%service annuaire
from itertools import count

from flask import Flask, abort, request

app = Flask(__name__)
table, numbers = {}, count(1)  # nom → {"url", "lease"}


@app.post("/instances/<name>")
def register(name):
    """Un processus démarre, et prend ce nom."""
    table[name] = {"url": request.get_json()["url"], "lease": next(numbers)}
    return table[name], 201


@app.put("/instances/<name>")
def beat(name):
    """Il vit encore : {"url": …, "lease": …}."""
    table[name] = request.get_json()
    return "", 204


@app.delete("/instances/<name>")
def leave(name):
    """Il s’en va : DELETE /instances/orders-1?lease=7."""
    table.pop(name, None)
    return "", 204


@app.get("/instances/<name>")
def show(name):
    return table.get(name) or abort(404)


# %% [markdown]
# Réparez-le. Un nom est au dernier processus qui l’a pris, jusqu’à ce que ce processus s’en aille : son bail est le **bail en cours**.
#
# - Avec le bail en cours, un battement ou un départ répond 204. Le battement garde l’inscription (l’adresse d’un processus ne change pas), le départ l’efface.
# - Avec un autre bail (plus ancien, d’un autre nom, jamais donné), un battement ou un départ ne change rien, et répond **409**.
# - Si plus personne ne porte ce nom, un battement répond 404 ou 409, et n’inscrit personne ; un départ répond 204, 404 ou 409.
# - POST et GET restent comme ils sont : 201 et un numéro de bail entier, 200 et l’adresse, 404.
#
# Chaque battement et chaque départ annonce un bail, un entier. La mémoire suffit. La vérification joue toutes les suites de quatre gestes de deux processus du même nom, parfois à la même adresse, parfois à côté d’un autre nom. Un processus endormi peut se réveiller et battre trop tard.

# %% answer="ch04.late"
# %%service annuaire
from itertools import count

from flask import Flask, abort, request

app = Flask(__name__)
table, numbers = {}, count(1)  # nom → {"url", "lease"}


@app.post("/instances/<name>")
def register(name):
    """Un processus démarre, et prend ce nom."""
    table[name] = {"url": request.get_json()["url"], "lease": next(numbers)}
    return table[name], 201


@app.put("/instances/<name>")
def beat(name):
    """Il vit encore : {"url": …, "lease": …}."""
    ### BEGIN SOLUTION
    require(name, request.get_json()["lease"])
    return "", 204


def require(name, lease):
    """409 à qui n’a pas le bail en cours."""
    if name not in table or table[name]["lease"] != lease:
        abort(409)
    ### END SOLUTION


@app.delete("/instances/<name>")
def leave(name):
    """Il s’en va : DELETE /instances/orders-1?lease=7."""
    ### BEGIN SOLUTION
    require(name, int(request.args["lease"]))
    del table[name]
    return "", 204
    ### END SOLUTION


@app.get("/instances/<name>")
def show(name):
    return table.get(name) or abort(404)


# %% check="ch04.late"
check("ch04.late")

# %% [markdown]
# Ce numéro qui grandit porte un nom : le **jeton de garde** (*fencing token*). Il protège de tous ceux qui reviennent trop tard, dans un annuaire ou devant un fichier partagé.
#
# Avant de fermer, dites ce chapitre en deux phrases : elles restent dans votre journal de bord.

# %%
takeaway("ch04")

# %% [markdown]
# ## Ce que nous savons maintenant
#
# - Une instance **s’inscrit, bat, se désinscrit** ; celle qui meurt sans rien dire reste dans la liste jusqu’à la fin de son bail.
# - L’annuaire est toujours en retard : l’appelant garde sa liste, et **essaie l’instance suivante** quand rien ne peut être fait deux fois.
# - Vivante ne veut pas dire en forme : compter les **requêtes en cours** éloigne des lentes ; compter les **erreurs**, des malades.
#
# Trouver un service ne dit pas comment l’appeler : c’est [la suite](course:next).
