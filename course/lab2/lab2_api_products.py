# %% [markdown]
# # Laboratoire 2 : une API REST pour *Products*
#
# **Dans ce laboratoire**, vous écrivez le service *Products* de la boutique, en Flask, en quatre étapes : un service qui répond, les opérations CRUD, la validation, et une documentation OpenAPI qui dit vrai. À chaque étape, votre cellule devient un **vrai processus**, que la boutique appelle.
#
# Il vous faut savoir écrire une fonction Python ; le reste s’apprend ici.

# %% tags=["setup"]
from workbook import Shop, check, hint, progress, solution, takeaway

shop = Shop.start("gateway", "auth")
shop

# %% [markdown]
# La passerelle tourne, sans personne derrière elle. **Pariez** : que répond-elle à qui demande le catalogue d’un service qui n’existe pas ? 404, 500, autre chose ?

# %%
shop.get("/products")

# %% [markdown]
# **503** : la route existe, le service manque. Ce n’est pas la faute du client, et la réponse le dit. À vous de combler ce trou.

# %% [markdown]
# ## Comment une cellule devient-elle un service ?
#
# La première ligne, `%%service products`, fait de la cellule un fichier Python, lancé comme un processus nommé `products`. Le fichier définit `app`, et rien d’autre : ni port, ni serveur, ni `app.run()`. Un service ne choisit pas où il habite ; on le lui dit par l’environnement (c’est la règle III des *douze facteurs*).
#
# Exécutez la cellule de nouveau : l’ancien processus est tué, le nouveau prend sa place. Son journal se lit par `shop.logs("products")`, et `shop["products"].get(…)` l’appelle directement.
#
# Tant qu’une vue dit `raise NotImplementedError`, le service répond honnêtement **501 Not Implemented**.

# %% [markdown]
# ## Étape 1 : que doit savoir dire un catalogue ?
#
# Complétez les deux vues. Leur nom et leur façon de faire vous regardent : seul compte ce qu’un client observe.
#
# - `GET /products` rend, en JSON, `{"products": […]}` : tous les articles, dans l’ordre que vous voulez, à chaque appel ;
# - `GET /products/<sku>` rend l’article lui-même, ou **404** s’il n’existe pas (le corps de ce refus est libre). Un SKU se compare à la lettre près, majuscules comprises.
#
# Gardez la lampe et la tasse telles quelles ; vous pouvez ajouter des articles, et des champs. Le prix est en **centimes**, un entier : `0.1 + 0.2` ne vaut pas `0.3`, et une caisse ne peut pas se le permettre.

# %% answer="lab2.service"
# %%service products
from flask import Flask, abort

app = Flask(__name__)
catalogue = {
    "LAMP": {"sku": "LAMP", "name": "Lampe de bureau", "price_cents": 3990},
    "MUG": {"sku": "MUG", "name": "Tasse", "price_cents": 990},
}


@app.get("/products")
def list_products():
    ### BEGIN SOLUTION
    return {"products": list(catalogue.values())}
    ### END SOLUTION


@app.get("/products/<sku>")
def show_product(sku):
    ### BEGIN SOLUTION
    return catalogue.get(sku) or abort(404, f"Le produit {sku} n’existe pas.")
    ### END SOLUTION


# %% check="lab2.service"
check("lab2.service")

# %% [markdown]
# Vos deux vues faites, la passerelle les trouve sans qu’on lui ait rien dit : en démarrant, votre service s’est inscrit à l’annuaire, `registry`.

# %%
shop.get("/products")

# %%
shop.map()

# %% [markdown]
# ## Étape 2 : quelle méthode pour quel geste ?
#
# | Geste | Requête | Réussite | Refus |
# |---|---|---|---|
# | ajouter | `POST /products` | 201 et l’article | 409 si le SKU est pris, et l’ancien article reste |
# | remplacer | `PUT /products/<sku>` | 200 et le nouvel article ; 201 et l’article s’il n’existait pas | |
# | supprimer | `DELETE /products/<sku>` | 204, sans corps | 404 permis s’il n’y est pas |
#
# **Pariez** avant d’écrire : le réseau a perdu la réponse, et le client renvoie la même requête. Laquelle des trois peut être répétée sans dommage ?
#
# PUT et DELETE sont **idempotentes** (RFC 9110, § 9.2.2) : les faire deux fois, c’est les faire une fois. POST ne l’est pas, d’où le 409. Et PUT **remplace** : un champ que le nouveau corps ne dit plus disparaît.
#
# Le corps d’une requête est l’article entier, en JSON : `sku`, `name`, `price_cents`, et dans un PUT le `sku` du chemin. Un champ de plus peut être gardé, ignoré ou refusé, et le corps d’un refus est libre. La liste et les fiches disent toujours la même chose ; un article supprimé peut être créé de nouveau.
#
# Reprenez votre service et ajoutez les trois vues.

# %% answer="lab2.crud"
# %%service products
### BEGIN SOLUTION
from flask import Flask, abort, request

app = Flask(__name__)
catalogue = {}


@app.get("/products")
def list_products():
    return {"products": list(catalogue.values())}


@app.get("/products/<sku>")
def show_product(sku):
    return catalogue.get(sku) or abort(404, f"Le produit {sku} n’existe pas.")


@app.post("/products")
def add_product():
    product = request.get_json()
    if product["sku"] in catalogue:
        abort(409, f"Le SKU {product['sku']} est déjà pris.")
    catalogue[product["sku"]] = product
    return product, 201


@app.put("/products/<sku>")
def put_product(sku):
    status = 200 if sku in catalogue else 201
    catalogue[sku] = {**request.get_json(), "sku": sku}
    return catalogue[sku], status


@app.delete("/products/<sku>")
def remove_product(sku):
    catalogue.pop(sku, None)
    return "", 204
### END SOLUTION
### BEGIN STUB
# from flask import Flask, abort, request
#
# app = Flask(__name__)
# catalogue = {}
#
# # Collez ici vos deux vues de l’étape 1.
#
#
# @app.post("/products")
# def add_product():
#     # À vous de jouer
#     raise NotImplementedError
#
#
# @app.put("/products/<sku>")
# def put_product(sku):
#     # À vous de jouer
#     raise NotImplementedError
#
#
# @app.delete("/products/<sku>")
# def remove_product(sku):
#     # À vous de jouer
#     raise NotImplementedError
### END STUB

# %% check="lab2.crud"
check("lab2.crud")

# %% [markdown]
# La dernière vérification joue tous les enchaînements de trois gestes, puis quarante requêtes tirées au hasard, sur votre service et sur un simple dictionnaire : les deux doivent rester d’accord. Elle retire ensuite ses articles, nommés `ESSAI-…`, et ne touche pas aux vôtres. C’est un **test par modèle**, l’un des plus rentables qui soient.

# %% [markdown]
# ## Étape 3 : à qui fait-on confiance ?
#
# À personne. Votre service reçoit ce que le réseau lui apporte : un prix négatif, un prix écrit en texte, un nom oublié, une liste au lieu d’un objet. **Pariez** : de la trentaine de corps faux que la vérification enverra, combien votre étape 2 en accepte-t-elle ?
#
# Un article juste a un `sku` et un `name`, des textes non vides, et un `price_cents` entier, positif ou nul : zéro est un prix, `true`, `"3990"` et `NaN` n’en sont pas. Un article faux reçoit **422** (ou 400) et laisse le catalogue intact. Le refus est en JSON et **nomme le champ fautif**, par son nom exact et sans accuser les champs justes : `price_cents` pour un prix négatif. POST et PUT ont les mêmes exigences, `sku` compris, car PUT porte l’article entier.
#
# Ce qui n’est pas un objet JSON est refusé aussi, par 422, 400 ou 415, sans qu’il y ait de champ à nommer. Les gestes de l’étape 2 sont toujours là, et un champ de plus est toujours votre affaire.

# %% answer="lab2.validation"
# %%service products
### BEGIN SOLUTION
from flask import Flask, abort, request

app = Flask(__name__)
catalogue = {}


def valid_product():
    """Rend l’article du corps, ou répond 422 en nommant les fautes."""
    product = request.get_json(silent=True)
    if not isinstance(product, dict):
        abort(422, "Le corps doit être un objet JSON.")
    price = product.get("price_cents")
    faults = [field for field in ("sku", "name") if not _is_text(product.get(field))]
    if type(price) is not int or price < 0:
        faults.append("price_cents")
    if faults:
        abort(422, f"Champs absents ou faux : {', '.join(faults)}.")
    return product


def _is_text(value):
    return isinstance(value, str) and value.strip() != ""


@app.get("/products")
def list_products():
    return {"products": list(catalogue.values())}


@app.get("/products/<sku>")
def show_product(sku):
    return catalogue.get(sku) or abort(404, f"Le produit {sku} n’existe pas.")


@app.post("/products")
def add_product():
    product = valid_product()
    if product["sku"] in catalogue:
        abort(409, f"Le SKU {product['sku']} est déjà pris.")
    catalogue[product["sku"]] = product
    return product, 201


@app.put("/products/<sku>")
def put_product(sku):
    product = {**valid_product(), "sku": sku}
    status = 200 if sku in catalogue else 201
    catalogue[sku] = product
    return product, status


@app.delete("/products/<sku>")
def remove_product(sku):
    catalogue.pop(sku, None)
    return "", 204
### END SOLUTION
### BEGIN STUB
# from flask import Flask, abort, request
#
# app = Flask(__name__)
# catalogue = {}
#
#
# def valid_product():
#     """Rend l’article que porte le corps de la requête, ou répond 422 (ou 400) en nommant le champ fautif."""
#     # À vous de jouer
#     raise NotImplementedError
#
#
# @app.post("/products")
# def add_product():
#     product = valid_product()
#     # La suite est votre étape 2, comme les autres vues.
#     return product, 201
### END STUB

# %% check="lab2.validation"
check("lab2.validation")

# %% [markdown]
# ## Étape 4 : qui lira votre code ?
#
# Personne : on lira votre **contrat**. OpenAPI le décrit dans un document JSON, d’où l’on tire une page à essayer (*Swagger UI*), des clients, des tests. Encore faut-il qu’il dise vrai : un document tenu à la main ment dès la première modification pressée.
#
# Ici, le document vient du code. `flask_openapi3` fournit `OpenAPI`, un Flask qui se documente : vous décrivez un article par un modèle **pydantic**, et la validation de l’étape 3 vient avec. Demandez-lui seulement de ne rien convertir : sans `Field(strict=True)`, pydantic prend `"3990"` et `true` pour des entiers.
#
# | Dans la vue | Ce que cela décrit |
# |---|---|
# | `body: Product` | le corps de la requête, validé |
# | `path: ProductPath` | le paramètre du chemin |
# | `responses={201: Product, 409: None}` | la réponse, par statut ; `None` ne promet rien du corps |
#
# Le service fait tout ce que demandaient les étapes 1 à 3, et le document le dit :
#
# - les **cinq opérations**, à l’adresse de ce service, avec le paramètre du chemin ;
# - **chaque statut** qu’elles répondent, 404, 409 et 422 (ou 400) compris, et la forme des réussites, où un prix est un entier ; un corps de refus que vous décrivez doit ressembler au vrai ;
# - les **règles** de l’étape 3, pour POST et PUT : ce que le document interdit, le service le refuse.
#
# Le document, en JSON (OpenAPI 3.0 ou 3.1, ou Swagger 2.0), paraît à `/openapi/openapi.json`, et la page qui le montre à `/openapi/swagger`. Elle s’ouvre **sans Internet** : scripts, styles et polices viennent de votre service. Une autre bibliothèque que `flask_openapi3`, ou un document et une page écrits à la main, conviennent aussi, à leurs adresses habituelles (`/openapi.json`, `/apispec_1.json`, `/docs`, `/apidocs`…). Écrivez alors vos liens sans `/` au début, car JupyterLab montre votre service sous une adresse à lui.

# %% answer="lab2.openapi"
# %%service products
### BEGIN SOLUTION
from flask import abort
from flask_openapi3 import Info, OpenAPI
from pydantic import BaseModel, Field

app = OpenAPI(__name__, info=Info(title="Products", version="1.0.0"))
catalogue = {}


class Product(BaseModel):
    sku: str = Field(min_length=1)
    name: str = Field(min_length=1, strict=True)
    price_cents: int = Field(ge=0, strict=True, description="Prix en centimes")


class Catalogue(BaseModel):
    products: list[Product]


class ProductPath(BaseModel):
    sku: str


@app.get("/products", responses={200: Catalogue})
def list_products():
    """Tout le catalogue."""
    return {"products": list(catalogue.values())}


@app.get("/products/<sku>", responses={200: Product, 404: None})
def show_product(path: ProductPath):
    """Un article."""
    return catalogue.get(path.sku) or abort(404, f"Le produit {path.sku} n’existe pas.")


@app.post("/products", responses={201: Product, 409: None})
def add_product(body: Product):
    """Ajoute un article."""
    if body.sku in catalogue:
        abort(409, f"Le SKU {body.sku} est déjà pris.")
    catalogue[body.sku] = body.model_dump()
    return catalogue[body.sku], 201


@app.put("/products/<sku>", responses={200: Product, 201: Product})
def put_product(path: ProductPath, body: Product):
    """Crée ou remplace un article."""
    status = 200 if path.sku in catalogue else 201
    catalogue[path.sku] = {**body.model_dump(), "sku": path.sku}
    return catalogue[path.sku], status


@app.delete("/products/<sku>", responses={204: None})
def remove_product(path: ProductPath):
    """Retire un article."""
    catalogue.pop(path.sku, None)
    return "", 204
### END SOLUTION
### BEGIN STUB
# from flask import abort
# from flask_openapi3 import Info, OpenAPI
# from pydantic import BaseModel, Field
#
# app = OpenAPI(__name__, info=Info(title="Products", version="1.0.0"))
# catalogue = {}
#
#
# class Product(BaseModel):
#     sku: str = Field(min_length=1)
#     # Décrivez ici les autres champs.
#
#
# class Catalogue(BaseModel):
#     products: list[Product]
#
#
# @app.get("/products", responses={200: Catalogue})
# def list_products():
#     """Tout le catalogue."""
#     raise NotImplementedError
#
#
# # Les quatre autres opérations, à vous de jouer.
### END STUB

# %% check="lab2.openapi"
check("lab2.openapi")

# %% [markdown]
# Ouvrez la page de votre service et essayez une requête depuis le navigateur. Le lien passe par JupyterLab : il marche aussi sur Binder.

# %%
shop["products"].link("/openapi/swagger")

# %% [markdown]
# ## Que se passe-t-il si deux vendeurs changent le même prix ?
#
# Une question pour finir, sans exercice. `shop.reset("products")` rend sa place au service de la boutique. Alice et Bob, qui le gèrent, lisent la même fiche ; Alice baisse le prix, Bob corrige le nom, et chacun envoie un PUT complet. **Qu’en reste-t-il ?**

# %%
shop.reset("products")
shop.sign_in("admin")
fiche = shop.get("/products/LAMP")
d_alice = {**fiche.json(), "price_cents": 2990}
de_bob = {**fiche.json(), "name": "Lampe d’architecte"}

shop.put("/products/LAMP", d_alice)
shop.put("/products/LAMP", de_bob)

# %% [markdown]
# Le prix d’Alice a disparu, et personne n’est prévenu : c’est la **mise à jour perdue**. Le remède est une requête conditionnelle. Le service a donné à la fiche une étiquette, son `ETag` ; on la lui rend dans `If-Match`, qui veut dire « seulement si rien n’a changé ».

# %%
shop.put("/products/LAMP", d_alice, headers={"If-Match": fiche.headers["ETag"]})

# %% [markdown]
# **412 Precondition Failed** : la fiche n’est plus celle qu’Alice a lue. Elle la relit, et recommence en connaissance de cause.

# %%
progress()

# %%
takeaway("lab2")

# %% [markdown]
# ## Ce que nous savons maintenant
#
# - Une **API REST** dit par la méthode ce qu’elle fait, et par le statut ce qui est arrivé : 404, 409 et 422 ne sont pas interchangeables.
# - Un service **ne fait confiance à personne** : il valide avant d’enregistrer, et son refus dit quoi corriger.
# - Le **contrat** est servi par le code ; un document qu’on ne peut pas prendre en défaut est le seul qui vaille.
#
# Ensuite : [Messages asynchrones](course:ch07), où l’on apprend à écrire plutôt qu’à appeler.
