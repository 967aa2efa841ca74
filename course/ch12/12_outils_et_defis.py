# %% [markdown]
# # Outils et défis
#
# Vous avez fait à la main ce que des outils font pour tout le monde : ce chapitre les range, puis éprouve ce qui reste difficile avec eux.
#
# **À la fin, vous saurez**
#
# - nommer vingt outils du domaine, et dire ce que chacun fait à votre place ;
# - faire vivre deux versions d’un événement côte à côte ;
# - protéger une donnée d’un processus qui se réveille trop tard ;
# - défendre les six points clés du module, mesures à l’appui.

# %% tags=["setup"]
from workbook import Shop, bet, check, hint, progress, settle, solution, takeaway
from course.ch12 import experiments as ch12
from course.ch12.experiments import UnknownVersion

shop = Shop.start()
shop.sign_in("alice")
shop.get("/orders")  # pour que la première mesure ne soit pas celle d’un démarrage
shop

# %% [markdown]
# ## Quel outil fait ce que vous avez fait ?
#
# Les vingt outils du module, et en face ce que nous avons écrit à la main, avec le chapitre et le fichier où le lire.

# %%
ch12.toolbox()

# %% [markdown]
# Un **maillage de services** (*service mesh*) met délais, réessais et chiffrement dans un processus voisin de chaque service, un **mandataire** (*sidecar proxy*). Le code n’en parle plus ; un réessai mal réglé y fait les mêmes dégâts. Aucun outil ne décide pour vous ce qui est sûr à réessayer, à qui est une donnée, ni comment défaire une vente. On en prend un quand on a le problème qu’il résout.
#
# ## Les six défis du module, où en sommes-nous ?
#
# | Défi | Ce que nous avons vu | Où |
# |---|---|---|
# | Complexité : plus difficile à déboguer | un coupable caché, trouvé par sa trace | [Observabilité](course:ch11) |
# | Réseau : latence, partitions, indisponibilité | délais, réessais, disjoncteur ; **les partitions, ici** | [Appels REST](course:ch05), [Disjoncteur](course:ch06) |
# | Données : consistance éventuelle | la boîte d’envoi, les doublons, la saga | [Messages](course:ch07), [Données](course:ch08), [Saga](course:ch09) |
# | Tests : intégration complexe | un contrat, sans démarrer l’autre | [Principes](course:ch02) |
# | Déploiement : coordination des versions | **ici** | ci-dessous |
# | Monitoring : observabilité distribuée | journaux, métriques et traces d’une commande | [Observabilité](course:ch11) |
#
# ## Peut-on changer un événement ?
#
# Une vente s’annonçait par `total_cents`. En version 2, c’est `total`, un montant **et** sa devise. Une nuit, on arrête tout, on met à jour qui publie **et** qui lit, on relance. Dix ventes attendaient dans la file. **Votre pari** : combien le lecteur neuf en compte-t-il ?

# %%
bet("ch12.overnight")

# %%
counted = ch12.update_overnight(shop)
print("Ventes comptées juste :", counted)
settle("ch12.overnight", counted)

# %% [markdown]
# La file avait gardé les messages d’hier : même en arrêtant tout, les deux versions se rencontrent. Quatre lecteurs devant dix ventes, cinq de chaque version :

# %%
ch12.read_both_versions(shop)

# %% [markdown]
# Le « prudent », qui met 0 quand le champ manque, est le pire : il ne refuse rien, et annonce la moitié de la recette. Le dernier traduit d’abord les ventes d’hier dans la forme d’aujourd’hui, par un **convertisseur ascendant** (*upcaster*).
#
# L’ordre sûr est d’**élargir puis rétrécir** (*expand and contract*) : d’abord des lecteurs qui comprennent les deux, puis ceux qui publient ; on n’oublie la version 1 que lorsque aucune file n’en contient plus.
#
# ### Exercice : lire hier et aujourd’hui
#
# Écrivez `read_sale(event)`, qui rend `{"order_id": …, "amount_cents": …, "currency": …}`, sans modifier `event`.
#
# - Sans champ `version`, ou avec 1 : `data` a `order_id` et `total_cents`, toujours en `"EUR"`.
# - Version 2 : `data` a `order_id` et `total`, comme `{"amount_cents": 3990, "currency": "USD"}`. Pendant le passage, `total_cents` y est parfois encore, pour les lecteurs d’hier : n’en tenez pas compte.
# - Toute autre version : levez `UnknownVersion`. Le message sera mis de côté, et non compté.
# - D’autres champs peuvent être là, à tous les étages : ignorez-les.
#
# La vérification essaie tous ces cas, des montants nuls, plusieurs devises, des champs de plus partout.


# %% answer="ch12.versions"
def read_sale(event):
    """La vente annoncée par cet événement, quelle que soit sa version."""
    ### BEGIN SOLUTION
    data, version = event.get("data"), event.get("version", 1)
    if version == 1:
        amount, currency = data["total_cents"], "EUR"
    elif version == 2:
        amount, currency = data["total"]["amount_cents"], data["total"]["currency"]
    else:
        raise UnknownVersion(version)
    return {"order_id": data["order_id"], "amount_cents": amount, "currency": currency}
    ### END SOLUTION


# %% check="ch12.versions"
check("ch12.versions", read_sale)

# %% [markdown]
# ## Que fait un processus qui se réveille trop tard ?
#
# Deux robots fixent le prix d’un article, un seul à la fois : il faut le **bail** (*lease*), un verrou qui expire seul si son porteur meurt. Chaque robot vérifie son bail **juste avant** d’écrire :
#
# ```python
# if time.monotonic() >= until:  # mon bail est-il encore à moi ?
#     abort(409)
# service("rayon").put("/prix", json=sent)
# ```
#
# A décide 39,90 €, vérifie, et s’endort entre ces deux lignes : le système suspend son processus (`SIGSTOP`). Son bail expire ; B prend le suivant, et écrit 44,90 €. Puis A se réveille. **Votre pari** : quel prix reste en rayon ?

# %%
bet("ch12.asleep")

# %%
unguarded = ch12.sleep_and_write(shop)
display(unguarded, shop.sequence(unguarded.late))
settle("ch12.asleep", unguarded.price())

# %% [markdown]
# Vérifier puis agir sont deux instants. Un ramasse-miettes ou une machine virtuelle déplacée endorment ainsi un processus. Une **partition** (*network partition*) du réseau fait le même revenant : muet pour les autres, puis de retour. (Une seule machine ne sait pas en montrer une vraie.)
#
# Le remède est du côté de la donnée. Chaque bail porte un numéro, plus grand que les précédents, le **jeton de clôture** (*fencing token*) ; qui écrit le montre, et le rayon refuse un jeton périmé.

# %%
ch12.sleep_and_write(shop, fencing=True)

# %% [markdown]
# ### Exercice : refuser le réveil d’un endormi
#
# Complétez `Shelf`. `write(sku, price, token)` écrit le prix et rend `True` ; ou rend `False`, sans rien changer, si un jeton **plus grand** a déjà écrit **cet article**. Le même jeton peut écrire plusieurs fois. `read(sku)` rend le dernier prix accepté, ou `None`.
#
# `rows` joue la base de données : un dictionnaire, vide au début, où vous rangez ce que vous voulez, pourvu que JSON sache l’écrire. Après un redémarrage, un nouveau `Shelf` reçoit les mêmes `rows`, et rien d’autre.
#
# La vérification joue toutes les suites de trois écritures, sur deux articles, avec trois jetons, et un redémarrage à chaque endroit possible. Un appel à la fois.


# %% answer="ch12.fencing"
class Shelf:
    """Les prix en rayon, protégés des écritures périmées."""

    def __init__(self, rows):
        self.rows = rows  # ce qui survit à un redémarrage

    def write(self, sku, price, token):
        """True si le prix est écrit, False si ce jeton est périmé."""
        ### BEGIN SOLUTION
        if sku in self.rows and token < self.rows[sku]["token"]:
            return False
        self.rows[sku] = {"price": price, "token": token}
        return True
        ### END SOLUTION

    def read(self, sku):
        """Le dernier prix accepté, ou None."""
        ### BEGIN SOLUTION
        return self.rows[sku]["price"] if sku in self.rows else None
        ### END SOLUTION


# %% check="ch12.fencing"
check("ch12.fencing", Shelf)

# %% [markdown]
# Dans une base SQL, c’est une ligne : `UPDATE rayon SET … WHERE sku = ? AND token <= ?`. La comparaison et l’écriture y sont un seul instant.
#
# ## Que reste-t-il du module ?
#
# Ses six points clés, mesurés sur la boutique dans cet ordre. Pariez sur quatre d’entre eux :
#
# 1. **Décomposition métier** : un service, une responsabilité. On tue *payments*.
# 2. **Indépendance** : on redéploie *products*, sous les yeux des clients.
# 3. **Communication** : REST et messages. *notifications* meurt, puis revient.
# 4. **Données** : une base par service. On passe une commande.
# 5. **Observabilité** : on lit la trace de cette commande.
# 6. **Sécurité** : authentification centralisée, autorisation distribuée. On tue *auth*.

# %%
bet("ch12.decomposed")
bet("ch12.independent")
bet("ch12.bases")
bet("ch12.authorized")

# %%
settle("ch12.decomposed", ch12.pages_without(shop, "payments"))
settle("ch12.independent", ch12.redeploy_under_reads(shop))
print(f"Courriels écrits au retour de notifications : {ch12.mails_after_a_death(shop)} sur 3")

# %%
order = ch12.OneOrder(shop)
display(order)
settle("ch12.bases", len(order.written))
settle("ch12.authorized", ch12.order_without_auth(shop))

# %% [markdown]
# Une panne reste chez elle, un remplacement ne se voit pas, un courriel attend son lecteur. Le prix est aux points 4 et 5 : des bases qu’aucune transaction ne réunit, et une histoire qu’il faut recoller.

# %%
shop.map()

# %% [markdown]
# ## Pour aller plus loin
#
# ### Où lire la suite ?
#
# - Les ressources du module : [microservices.io](https://microservices.io/patterns/), [Martin Fowler](https://martinfowler.com/articles/microservices.html), [l’application en douze facteurs](https://12factor.net/), [les règles d’API de Microsoft](https://github.com/microsoft/api-guidelines), [Kubernetes](https://kubernetes.io/docs/).
# - Le jeton de clôture : Martin Kleppmann, [How to do distributed locking](https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html), puis son livre *Designing Data-Intensive Applications*.
# - Délais, disjoncteurs, cloisons : Michael Nygard, *Release It!*. Exploiter tout cela : [Site Reliability Engineering](https://sre.google/sre-book/table-of-contents/), de Google.
#
# Le **module 4**, *Workflow intégré*, fera faire à des machines ce que vous avez fait à la main : construire, tester et déployer à chaque changement (**intégration et déploiement continus**, *CI/CD*), et tenir en vie ces services sur plusieurs machines (**orchestration**).

# %%
progress()

# %% [markdown]
# Un dernier mot : ce chapitre, ou tout le cours, en deux phrases.

# %%
takeaway("ch12")

# %% [markdown]
# ## Ce que nous savons maintenant
#
# - Un outil remplace du code, jamais une décision : quoi réessayer, à qui est la donnée, comment défaire.
# - Deux versions vivent **toujours** côte à côte un moment : les lecteurs d’abord, et l’on traduit.
# - Vérifier puis agir sont deux instants : c’est à **la donnée** de refuser celui qui arrive trop tard.
