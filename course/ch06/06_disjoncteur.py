# %% [markdown]
# # Disjoncteur
#
# Un service malade finit par arrêter tous ceux qui l’attendent, sauf s’ils cessent un moment de l’appeler.
#
# **À la fin, vous saurez**
#
# - dire pourquoi un délai d’attente ne suffit pas toujours ;
# - décrire les trois états d’un disjoncteur ;
# - décider quels appels comptent comme des pannes ;
# - écrire un disjoncteur qui tient avec plusieurs clients à la fois.

# %% [markdown]
# ## Que reçoit un service malade quand chacun réessaie ?
#
# Le chapitre 05 réessayait un appel raté. Ouvrons le catalogue, *products*, et trois petits services en file : *vente* demande un prix à *devis*, qui le demande à *remise*, qui le demande à *products*. Chacun essaie jusqu’à trois fois.

# %% tags=["setup"]
import os
import threading
import time
from collections import deque

from workbook import Shop, bet, check, hint, settle, solution, takeaway
from course.ch06.experiments import CircuitOpen, Crowd, Machine, Storm, Trials
from course.ch06.experiments import calls_below, endure, floors_picture
from course.ch06.experiments import hanging, knock, open_floors, rush
from course.ch06.experiments import rush_picture, what_followed

shop = Shop.start("products")
os.environ["THREADS"] = "4"  # les suivants : quatre requêtes à la fois
shop

# %% [markdown]
# *products* répond 500 à tout. Un client demande **un** prix à *vente*. **Votre pari** : combien d’appels reçoit *products* ?

# %%
bet("ch06.cubed")

# %%
open_floors(shop)
calls = {tries: calls_below(shop, tries) for tries in (1, 2, 3)}
display(floors_picture(calls), shop.map())
settle("ch06.cubed", calls[3])

# %% [markdown]
# Les essais se **multiplient** : 3 × 3 × 3, sur le service qui peut le moins les supporter. Un seul étage devrait réessayer, celui qui touche la panne.
#
# ## Que devient un service qui attend sans limite ?
#
# *vitrine* sert quatre requêtes à la fois. Elle a deux pages. `/plan` dit comment venir, et n’a besoin de personne. L’autre donne un prix, et appelle *products* de trois façons au choix :
#
# ```python
# call("products", path, None)  # sans délai
# call("products", path, 0.5)  # avec un délai, en secondes
# breaker.call(lambda: call("products", path, 0.5))  # et un disjoncteur
# ```
#
# Pendant deux secondes et demie, *products* n’est pas mort, mais **bloqué** : il prend les requêtes et n’y répond pas. Vingt-quatre clients demandent des prix. Vingt-cinq visiteurs demandent le plan, un tous les dixièmes de seconde.
#
# **Votre pari**, sans délai : combien de visiteurs reçoivent le plan ?

# %%
bet("ch06.hang")

# %%
trials = Trials()
trials["sans délai"] = endure(shop, "sans-delai")
print("Plans rendus :", trials["sans délai"].answered)
settle("ch06.hang", trials["sans délai"].answered)

# %% [markdown]
# Quatre appels bloqués occupent les quatre places : même le plan est perdu. La panne de *products* est devenue celle de *vitrine*. C’est une **panne en cascade** (*cascading failure*).
#
# ## Un délai d’attente suffit-il ?
#
# Chaque appel est maintenant abandonné au bout d’une demi-seconde. **Votre pari** : combien de visiteurs, cette fois ?

# %%
bet("ch06.delay")

# %%
trials["délai"] = endure(shop, "delai")
print("Plans rendus :", trials["délai"].answered)
settle("ch06.delay", trials["délai"].answered)

# %% [markdown]
# Comptez : quatre places, une demi-seconde par appel, donc huit prix par seconde. Vingt-quatre clients en veulent davantage : la **file** s’allonge, et le visiteur attend derrière eux. Le délai borne l’attente d’un appel, et non celle de la file. (Avec quatre clients, il aurait suffi.)
#
# ## Et si l’on cessait d’appeler ?
#
# On sait déjà que *products* ne répond pas : pourquoi l’attendre encore ? Le **disjoncteur** (*circuit breaker*) compte les appels ratés. Quand il y en a trop, il n’appelle plus : il refuse aussitôt. Mêmes conditions, troisième façon :

# %%
trials["disjoncteur"] = endure(shop, "disjoncteur")
display(trials.picture())
trials.table()

# %% [markdown]
# Les prix manquent toujours, mais on le dit tout de suite : c’est **échouer vite** (*fail fast*). Les places restent libres pour ce qui marche.
#
# Deux précautions. Un disjoncteur **par service appelé** : un malade ne doit pas en cacher un autre, qui va bien. Et une réponse honnête : **503**, « indisponible pour le moment ». Répondre « ce produit n’existe pas » ferait d’une panne la faute du client.
#
# ## Comment sait-il que c’est réparé ?
#
# Par ses trois états :
#
# ```mermaid
# stateDiagram-v2
#     [*] --> Closed
#     Closed --> Open : Failures > Threshold
#     Open --> HalfOpen : Timeout
#     HalfOpen --> Closed : Success
#     HalfOpen --> Open : Failure
#
#     note right of Closed
#         Requêtes normales
#     end note
#
#     note right of Open
#         Échec rapide
#         Pas d'appels
#     end note
#
#     note right of HalfOpen
#         Test de récupération
#     end note
# ```
#
# Un circuit **fermé** (*closed*) laisse passer les appels ; **ouvert** (*open*), il les refuse. Au bout d’un temps il devient **demi-ouvert** (*half-open*) : quelques essais passent, et leur sort décide. Voyons bouger celui de *vitrine*, qui s’ouvre pour une seconde. Nous débloquerons *products* après un essai raté.

# %%
crowd = Crowd(shop["vitrine"], "/disjoncteur/LAMP")
with Machine(shop) as machine, crowd:
    crowd.start()
    with hanging(shop, "products"):
        machine.wait_for("open", times=2)
    machine.wait_for("closed")

# %% [markdown]
# Les quatre flèches ont été suivies. Personne n’a prévenu *vitrine* de la réparation : l’essai la lui a apprise.
#
# *products* est encore bloqué, le circuit va devenir demi-ouvert, et vingt appels arrivent à cet instant. **Votre pari** : combien vont jusqu’à *products* ?

# %%
bet("ch06.probes")

# %%
result = knock(shop)
display(result.table())
settle("ch06.probes", len(result.passed))

# %% [markdown]
# Deux essais passent, les autres sont refusés sans attendre. Beaucoup de disjoncteurs faits à la main oublient cette limite : toute la foule passe d’un coup, et fait retomber un service à peine relevé.
#
# ## Quels appels comptent ?
#
# « Cinq échecs de suite » est une mauvaise règle : devant un service qui rate un appel sur deux, le circuit ne s’ouvrirait presque jamais. On regarde plutôt une **fenêtre glissante** (*sliding window*), les derniers appels, et la part des mauvais.
#
# ### Exercice : quand faut-il ouvrir ?
#
# Écrivez `must_open(calls)`, qui rend `True` s’il faut ouvrir. `calls` est la liste des appels connus, le plus récent à la fin ; chacun est un dictionnaire comme `{"status": 200, "seconds": 0.05}`. Sans réponse, `status` vaut `None`.
#
# - Un appel est **mauvais** s’il n’a pas eu de réponse, si son statut est 500 ou plus, ou s’il a duré **plus** d’une seconde, quelle que soit la réponse. Un 4xx rapide est bon : la demande était fausse, le service va bien.
# - On ne regarde que les **dix derniers** appels, ou tous s’il y en a moins.
# - Moins de quatre appels ne disent rien : on n’ouvre pas.
# - On ouvre si **la moitié** d’entre eux, ou plus, sont mauvais.
#
# La vérification essaie chaque sorte d’appel, puis toutes les suites de bons et de mauvais jusqu’à dix, et de plus longues.

# %% answer="ch06.rule"
def must_open(calls):
    """Faut-il cesser d’appeler ce service ?"""
    ### BEGIN SOLUTION
    recent = calls[-10:]
    bad = [
        call
        for call in recent
        if call["status"] is None or call["status"] >= 500 or call["seconds"] > 1
    ]
    return len(recent) >= 4 and 2 * len(bad) >= len(recent)
    ### END SOLUTION


# %% check="ch06.rule"
check("ch06.rule", must_open)

# %% [markdown]
# ## À quoi ressemble un disjoncteur ?
#
# ### Exercice : écrire le disjoncteur
#
# Complétez la classe `Breaker`. `clock()` rend l’heure, en secondes : ne la demandez qu’à elle. `call(function)` appelle `function()` et rend ce qu’elle rend, ou lève `CircuitOpen` sans l’appeler. Une exception de la fonction est un échec : elle remonte telle quelle.
#
# - **Fermé**, il laisse passer. Dès que **cinq des dix derniers** appels ont échoué, il s’ouvre.
# - **Ouvert**, il refuse pendant **cinq secondes**, comptées depuis l’échec qui l’a ouvert.
# - Ensuite, **un seul essai** : tant que cet appel n’est pas fini, tous les autres sont refusés. S’il réussit, le circuit est fermé et les anciens échecs sont oubliés. S’il échoue, le circuit est ouvert pour cinq nouvelles secondes, comptées depuis cet échec.
# - Un appel parti dans un état et fini dans un autre **ne compte plus** : il n’ouvre, ne referme et ne prolonge rien.
#
# La vérification a sa propre horloge, et n’attend pas. Elle joue toutes les suites de douze appels, puis des essais réussis et ratés. Vingt clients appellent pendant un même essai, et deux au même instant : le premier *thread* est arrêté à chaque ligne de votre code, et le second passe. Enfin un appel lent, parti circuit fermé, finit pendant l’ouverture, pendant l’essai, ou après. Elle ne demande pas que, circuit fermé, deux appels avancent ensemble.

# %% answer="ch06.breaker"
class Breaker:
    """Refuse les appels à un service qui va mal, et l’essaie de temps en temps."""

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        ### BEGIN SOLUTION
        self.lock = threading.Lock()
        self.failures = deque(maxlen=10)  # des dix derniers appels
        self.opened_at = None
        self.probing = False
        self.period = 0  # change avec l’état
        ### END SOLUTION

    def call(self, function):
        """Ce que rend function(), ou CircuitOpen si elle n’a pas été appelée."""
        ### BEGIN SOLUTION
        period = self.admit()
        try:
            result = function()
        except Exception:
            self.record(period, failed=True)
            raise
        self.record(period, failed=False)
        return result

    def admit(self):
        """Lève CircuitOpen, ou laisse passer ; rend la période de cet appel."""
        with self.lock:
            if self.opened_at is None:
                return self.period
            if self.probing or self.clock() < self.opened_at + 5:
                raise CircuitOpen
            self.probing = True
            self.period += 1
            return self.period

    def record(self, period, failed):
        with self.lock:
            if period != self.period:
                return  # parti avant le dernier changement d’état
            probe = self.probing
            if probe:
                self.probing, self.opened_at = False, None
                self.failures.clear()
                self.period += 1
            self.failures.append(failed)
            if failed and (probe or sum(self.failures) >= 5):
                self.opened_at = self.clock()
                self.period += 1
        ### END SOLUTION


# %% check="ch06.breaker"
check("ch06.breaker", Breaker)

# %% [markdown]
# ## Pour aller plus loin
#
# ### Une panne peut-elle survivre à sa cause ?
#
# *atelier* grave des lampes : quatre à la fois, un dixième de seconde chacune, donc quarante par seconde. Seize clients arrivent chaque seconde, c’est peu. Chacun attend 0,4 s, et fait quatre essais. L’atelier se bloque une seconde, puis il est **guéri**.
#
# **Votre pari** : et ensuite ?

# %%
bet("ch06.metastable")

# %%
with Storm(shop) as storm:
    storm.watch("tout va bien", 1.5)
    storm.hang("atelier bloqué", 1)
    first = storm.watch("atelier guéri", 1.5)
    later = storm.watch("toujours guéri", 1.5)
    storm.cut("plus d’appels")
    storm.watch("appels rétablis", 1.5)
display(storm.picture())
settle("ch06.metastable", what_followed(first, later))

# %% [markdown]
# Rien n’est cassé, et rien ne marche. La file compte plus de 0,4 s d’attente : l’atelier grave pour des clients **déjà partis**, qui réessaient, et la remplissent. Deux états sont stables, le bon et le mauvais ; le blocage a fait passer de l’un à l’autre. C’est une **panne métastable** (*metastable failure*).
#
# Ce qui l’a finie : nous avons cessé d’appeler, le temps que la file se vide, avec un essai de temps à autre. C’est ce que fait un disjoncteur. Puis les mêmes clients, avec les mêmes réessais, sont servis comme au début. Un budget de réessais, ou un atelier qui jette les demandes trop vieilles, l’auraient finie aussi.
#
# ### Exercice : trouver le défaut
#
# Votre collègue a écrit un disjoncteur plus simple : trois échecs **de suite**, et l’on n’appelle plus pendant cinq secondes. Ses tests passent.

# %% tags=["setup"]
class SlowBreaker:
    """Trois échecs de suite : on n’appelle plus, pendant cinq secondes."""

    def __init__(self, clock=time.monotonic):
        self.clock, self.lock = clock, threading.Lock()
        self.failures, self.open_until = 0, 0.0

    def call(self, function):
        with self.lock:  # plusieurs threads s’en servent à la fois
            if self.clock() < self.open_until:
                raise CircuitOpen
            try:
                result = function()
            except Exception:
                self.failures += 1
                if self.failures == 3:
                    self.failures, self.open_until = 0, self.clock() + 5
                raise
            self.failures = 0
            return result


# %% [markdown]
# Tout va bien, *products* répond en 0,2 s. Huit clients demandent un prix au même instant : d’abord sans disjoncteur, puis à travers celui de votre collègue. **Votre pari** : en combien de temps sont-ils tous servis, la seconde fois ?

# %%
bet("ch06.lock")

# %%
seconds = rush(shop, {"sans disjoncteur": lambda f: f(), "SlowBreaker": SlowBreaker().call})
display(rush_picture(seconds))
settle("ch06.lock", round(1000 * seconds["SlowBreaker"]))

# %% [markdown]
# Rien n’est en panne, et tout le monde attend. Où est le défaut ? Une bibliothèque connue, PyBreaker, a le même.
#
# Écrivez `FastBreaker` : les mêmes règles, sans ce défaut. La vérification fait avancer huit appels ensemble, puis revoit les règles : trois échecs de suite, une réussite qui efface le compte, cinq secondes de refus, et un compte qui repart de zéro. Enfin deux appels échouent au même instant, le premier *thread* arrêté à chaque instruction de votre code : ces échecs comptent pour deux, et le troisième suspend les appels.

# %% answer="ch06.lock"
class FastBreaker:
    """Trois échecs de suite : on n’appelle plus, pendant cinq secondes."""

    def __init__(self, clock=time.monotonic):
        self.clock, self.lock = clock, threading.Lock()
        self.failures, self.open_until = 0, 0.0

    def call(self, function):
        ### BEGIN SOLUTION
        with self.lock:
            if self.clock() < self.open_until:
                raise CircuitOpen
        try:
            result = function()
        except Exception:
            with self.lock:
                self.failures += 1
                if self.failures == 3:
                    self.failures, self.open_until = 0, self.clock() + 5
            raise
        with self.lock:
            self.failures = 0
        return result
        ### END SOLUTION


# %% check="ch06.lock"
check("ch06.lock", FastBreaker)

# %% [markdown]
# Et votre `Breaker` ? Essayez-le : `rush(shop, {"le mien": Breaker().call})`. Puis dites ce chapitre en deux phrases.

# %%
takeaway("ch06")

# %% [markdown]
# ## Ce que nous savons maintenant
#
# - Un délai borne l’attente d’un appel ; il ne protège pas les places d’un service que la file remplit.
# - Un disjoncteur a trois états. **Ouvert**, il échoue vite ; **demi-ouvert**, il n’envoie que quelques essais.
# - Un service malade reçoit plus d’appels qu’un service sain, parce qu’on réessaie : savoir **cesser d’appeler** le laisse guérir.
#
# Tous ces appels attendaient une réponse. Peut-on se parler sans attendre ? Ensuite : [la suite](course:next).
