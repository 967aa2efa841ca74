# %% [markdown]
# # Principes
#
# Des services mal coupés coûtent plus cher qu’un bloc : cinq principes disent où passe la frontière.
#
# **À la fin, vous saurez**
#
# - énoncer les cinq principes, et ce que coûte l’oubli de chacun ;
# - comparer deux façons de couper une même boutique ;
# - écrire un service qui démarre et sert sans ses voisins ;
# - écrire le contrat qu’un client passe avec son fournisseur.

# %% tags=["setup"]
from workbook import Shop, bet, check, hint, progress, settle, solution, takeaway
from course.ch02 import experiments as ch02

shop = Shop.start("products")
shop

# %% [markdown]
# ## De quoi un service est-il responsable ?
#
# **Principe 1, la responsabilité unique** (*single responsibility*) : chaque service a une responsabilité métier. Voici une boutique coupée **par couches** : *ecrans* demande à *regles*, qui demande à *tables*.

# %%
shop.sequence(ch02.layered_page(shop))

# %% [markdown]
# On veut montrer la garantie des articles. Un service ne laisse passer que les champs que sa version connaît. **Votre pari** : combien doivent passer en version 2, au moins ?

# %%
bet("ch02.layers")

# %%
cuts = ch02.compare_cuts(shop)
display(cuts)
settle("ch02.layers", cuts.redeployed())

# %% [markdown]
# Coupée **par métiers** (articles, commandes, clients), la même boutique change un seul service, et une mort ne prend que sa page. La bonne frontière entoure **ce qui change ensemble**. On la cherche au [Lab 1](course:lab1) ; on l’a extraite d’un bloc dans [Monolithe ou micro-services](course:ch01).
#
# ## Qui peut démarrer sans les autres ?
#
# **Principe 2, l’autonomie** (*autonomy*) : les services sont développés, déployés et gérés indépendamment. Après une coupure de courant, on relance *devis*, *remise* et *tarif* l’un après l’autre. En démarrant, *devis* lit ses réglages chez *remise*, qui lit les siens chez *tarif* ; qui n’obtient rien s’arrête. **Votre pari** : sur les six ordres possibles, combien réussissent ?

# %%
bet("ch02.orders")

# %%
starts = ch02.start_in_every_order(shop)
display(starts)
settle("ch02.orders", starts["une chaîne"])

# %% [markdown]
# Un superviseur qui relance les morts finirait par trouver l’ordre d’une chaîne. Celui d’un cercle n’existe pas, et personne ne le voit avant la première coupure. Un service autonome n’appelle personne pour démarrer.
#
# ### Exercice : une fiche qui n’attend personne
#
# *fiche* donne le nom et le prix, qui sont à elle, et les avis, qui sont au service *avis* : `GET` à `AVIS/reviews/<sku>` rend `{"reviews": [5, 4]}`. Écrivez `reviews_of(sku)`, qui rend la liste **du moment**. Si *avis* est mort, répond une erreur (4xx ou 5xx), ou se tait une seconde, elle rend `None` : la fiche est servie quand même, avec `null`. `[]` voudrait dire « aucun avis ».
#
# La vérification lance votre service quand *avis* est mort. Puis *avis* vit, change d’avis, répond au bout de trois dixièmes de seconde (ce n’est pas encore un silence), échoue, se tait (elle vous laisse cinq secondes), meurt et revient. Un article inconnu reste 404.

# %% answer="ch02.alone"
# %%service fiche
import os

import requests
from flask import Flask, abort

AVIS = os.environ.get("AVIS_URL", "http://127.0.0.1:9")  # là où est le service avis
ARTICLES = {
    "LAMP": {"name": "Lampe de bureau", "price_cents": 3990},
    "MUG": {"name": "Tasse", "price_cents": 990},
}
app = Flask(__name__)


@app.get("/fiches/<sku>")
def show(sku):
    article = ARTICLES.get(sku) or abort(404)
    return {**article, "reviews": reviews_of(sku)}


def reviews_of(sku):
    """Les avis du moment, ou None si le service avis ne les donne pas."""
    ### BEGIN SOLUTION
    try:
        answer = requests.get(f"{AVIS}/reviews/{sku}", timeout=0.5)
        answer.raise_for_status()
        return answer.json()["reviews"]
    except requests.RequestException:
        return None
    ### END SOLUTION


# %% check="ch02.alone"
check("ch02.alone")

# %% [markdown]
# Plus autonome encore : ne pas appeler, et recevoir des [messages](course:ch07).
#
# ## À qui est cette donnée ?
#
# **Principe 3, la décentralisation** (*decentralization*) : chaque service a ses données, et décide de leur gestion. *ventes* et *inventaire* ne s’appellent jamais. Mais ils écrivent dans **une base commune**. Pendant qu’*inventaire* compte, transaction ouverte, dix clients achètent. **Votre pari** : combien de ventes aboutissent ?

# %%
bet("ch02.shared")

# %%
sales = ch02.sell_during_stocktaking(shop)
display(sales, shop.map())
settle("ch02.shared", sales[ch02.ONE_BASE])

# %% [markdown]
# Aucune flèche ne les relie, et l’un arrêtait l’autre : la base commune est un **couplage caché** (*hidden coupling*). Ici SQLite n’accepte qu’un écrivain à la fois ; avec PostgreSQL, un `ALTER TABLE` d’une équipe bloquerait de même les lectures de l’autre. Une base chacun, et l’inventaire n’arrête plus personne. Le prix : [Une base par service](course:ch08).
#
# ## Que servir quand un voisin échoue ?
#
# **Principe 4, la résistance aux pannes** (*resilience*) : une **conception défensive** (*defensive design*) face aux défaillances du réseau. *page* demande cinq parties à cinq voisins : prix, stock, avis, photos, livraison. Chacun échoue une fois sur dix, au hasard. La page attend tout, ou échoue. **Votre pari** : sur cent pages, combien sont servies ?

# %%
ch02.close_stocktaking(shop)
bet("ch02.parts")

# %%
pages = ch02.serve_pages(shop)
display(pages)
settle("ch02.parts", pages.served(ch02.EVERYTHING))

# %% [markdown]
# Les disponibilités se **multiplient** : 0,9 cinq fois de suite, cela fait 0,59. Cinq voisins à 99,9 % rendraient la boutique muette trois heures et demie par mois. La seconde page n’exige que le prix ; le reste peut manquer, c’est la **dégradation en douceur** (*graceful degradation*). Délais et réessais : [Appels REST](course:ch05) ; cesser d’appeler : [Disjoncteur](course:ch06).
#
# ## Qu’a-t-on promis à ses clients ?
#
# **Principe 5, la communication par API** : des interfaces contractuelles bien définies. L’équipe de *products* renomme `price_cents` en `unit_price_cents`, dans son code et ses tests. Trois clients lisent ses articles : *caisse* veut le nom et le prix, *etiquettes* range tout dans une classe à quatre champs, *plan* n’affiche que le nom. **Votre pari** : combien servent encore ?

# %%
bet("ch02.renamed")

# %%
promises = ch02.change_the_provider(shop)
display(promises)
settle("ch02.renamed", promises.served())

# %% [markdown]
# Les tests du fournisseur restent verts : ils disent ce qu’il **fait**, pas ce dont ses clients ont **besoin**. *etiquettes* meurt même d’un champ de plus ; *plan*, qui ne lit que le sien, survit à tout : c’est un **lecteur tolérant** (*tolerant reader*).
#
# Le client écrit donc ce dont il se sert, et le fournisseur exécute ce **contrat piloté par le consommateur** (*consumer-driven contract*) parmi ses tests, avant de déployer. Ceux de ce cours sont dans `tests/contracts/`.
#
# ### Exercice : le contrat de la caisse
#
# Écrivez `keeps_promise(status, body)` : `True` si la caisse peut servir avec cette réponse de `GET /products/<sku>`, `False` sinon, **quoi qu’elle reçoive**. `body` est le JSON lu par Python.
#
# - Le statut est 200, et `body` un dictionnaire.
# - `name` est un texte non vide.
# - `price_cents` est un entier, zéro ou plus ; `True` et `39.9` n’en sont pas.
# - Tout le reste est libre : des champs de plus, de moins, dans un autre ordre.
#
# La vérification essaie des centaines de versions de *products* : champs ajoutés, retirés, renommés, `null`, d’un autre type, articles emballés, autres statuts.

# %% answer="ch02.contract"
def keeps_promise(status, body):
    """Cette réponse de products suffit-elle à la caisse ?"""
    ### BEGIN SOLUTION
    if status != 200 or not isinstance(body, dict):
        return False
    name, price = body.get("name"), body.get("price_cents")
    return isinstance(name, str) and name != "" and type(price) is int and price >= 0
    ### END SOLUTION


# %% check="ch02.contract"
check("ch02.contract", keeps_promise)

# %% [markdown]
# Une API publie aussi sa description, lue par des outils : [Lab 2](course:lab2).
#
# ## Pour aller plus loin
#
# ### Peut-on perdre ce que l’on ne connaît pas ?
#
# Un lecteur tolérant ignore les champs nouveaux. Et s’il **récrit** ? L’équipe du *magasin* vient d’ajouter une garantie à ses quatre articles. *promo*, plus ancien, prend chaque article, baisse son prix, et le rend au magasin.

# %%
# %%service promo
from flask import Flask, request

app = Flask(__name__)


@app.post("/discounts")
def discount():
    """L’article, dix pour cent moins cher, au centime inférieur."""
    product = request.get_json()
    return {
        "sku": product["sku"],
        "name": product["name"],
        "price_cents": product["price_cents"] * 9 // 10,
    }


# %% [markdown]
# **Votre pari** : combien de garanties restent ?

# %%
bet("ch02.lost")

# %%
before = ch02.open_store(shop)
after = ch02.run_promotion(shop)
display(before, after)
settle("ch02.lost", after.kept())

# %% [markdown]
# Tout a répondu 200, et une donnée que *promo* ne connaissait pas a disparu. Ignorer suffit pour **lire** ; pour **récrire**, il faut rendre ce que l’on n’a pas compris. Protocol Buffers 3 jetait les champs inconnus ; la version 3.5 les garde de nouveau, pour cette raison.
#
# ### Exercice : trouvez le défaut
#
# Réparez *promo*. `POST /discounts` reçoit un article et le rend tel quel, quels que soient ses champs, sauf `price_cents` : dix pour cent de moins, au centime inférieur. Si l’article n’est pas un objet, ou si `price_cents` n’est pas un entier, zéro ou plus, répondez **422** (`true` n’est pas un entier). La vérification envoie des articles plus riches que vous ne les connaissez, puis de faux articles.

# %% answer="ch02.promo"
# %%service promo
from flask import Flask, abort, request

app = Flask(__name__)


@app.post("/discounts")
def discount():
    """L’article, dix pour cent moins cher ; 422 sans un vrai prix."""
    product = request.get_json()
    ### BEGIN SOLUTION
    price = product.get("price_cents") if isinstance(product, dict) else None
    if type(price) is not int or price < 0:
        abort(422)
    return {**product, "price_cents": price * 9 // 10}
    ### END SOLUTION


# %% check="ch02.promo"
check("ch02.promo")

# %% [markdown]
# Et dans la boutique ? Rouvrez le magasin avec `ch02.open_store(shop)`, et repassez votre promotion. Puis dites ce chapitre en deux phrases.

# %%
progress()

# %%
takeaway("ch02")

# %% [markdown]
# ## Ce que nous savons maintenant
#
# - Une bonne frontière entoure **ce qui change ensemble** : un métier, avec ses données.
# - Un service autonome démarre, sert et guérit **sans ses voisins** ; leurs pannes se multiplient chez qui les exige tous.
# - Un contrat dit ce dont le **client** se sert : le fournisseur peut changer tout le reste.
#
# Les services sont coupés. Par où les clients entrent-ils ? Par [la passerelle](course:next).
