# %% [markdown]
# # Sécurité et JWT
#
# Il suffit qu’une porte croie n’importe qui pour que tous lisent vos commandes.
#
# **À la fin, vous saurez**
#
# - suivre un jeton, de la connexion au service ;
# - choisir entre demander à *auth* et vérifier soi-même ;
# - répondre 401 ou 403 ;
# - écrire un vérificateur qu’aucun faux jeton ne trompe.

# %% tags=["setup"]
import jwt

from workbook import Shop, bet, check, hint, progress, settle, solution, takeaway
from course.ch10 import experiments as ch10

shop = Shop.start("gateway", "auth", "users", "products")
token = shop.sign_in("alice")
shop

# %% [markdown]
# Alice ajoute à sa requête l’en-tête `X-User-Id: admin`, que la passerelle écrit d’ordinaire. De qui reçoit-elle le profil ?

# %%
bet("ch10.spoofed")

# %%
profile = ch10.profile(shop, headers={"X-User-Id": "admin"}).json()
print(profile)
settle("ch10.spoofed", profile["id"])

# %% [markdown]
# La passerelle a effacé cet en-tête ; le service ne croit que le jeton d’Alice.
#
# ## Qui vérifie le jeton ?
#
# L’**authentification** (*authentication*) dit qui parle ; l’**autorisation** (*authorization*), ce qu’il a le droit de faire. Le module les dessine ainsi :
#
# ```mermaid
# graph TB
#     C[Client] --> |1. Login| AUTH[Auth Service]
#     AUTH --> |2. JWT Token| C
#     C --> |3. Request + Token| AG[API Gateway]
#     AG --> |4. Validate Token| AUTH
#     AUTH --> |5. Claims| AG
#     AG --> |6. Authorized Request| MS[Micro-service]
# ```
#
# Notre boutique redémarre, et Alice demande son profil.

# %%
request = ch10.first_request(shop)
shop.sequence(request)

# %% [markdown]
# Trois différences avec le dessin :
#
# - les flèches 1 et 2 ont eu lieu avant, par la passerelle : le client ne connaît qu’elle ;
# - la passerelle n’envoie pas le jeton à *auth* : elle lui demande ses **clés publiques** (*public keys*) ;
# - *users* aussi, sans croire la passerelle : **confiance zéro** (*zero trust*).
#
# Alice fait vingt requêtes. Combien de fois la passerelle appellera-t-elle *auth* ?

# %%
bet("ch10.questions")

# %%
calls = ch10.questions_to_auth(shop, requests=20)
print("Appels de la passerelle à auth, pour vingt requêtes :", calls)
settle("ch10.questions", calls)

# %% [markdown]
# Les clés se gardent (ici une minute) : un jeton se vérifie **sans parler à personne**.
#
# ## Que contient un jeton ?
#
# Un **jeton JWT** (*JSON Web Token*) a trois morceaux : un en-tête, des **déclarations** (*claims*), une signature. Lisons les deux premiers, sans clé.

# %%
ch10.parts(token)

# %% [markdown]
# Signé n’est pas chiffré : tout le monde **lit** un jeton. Personne ne le **change** : seule *auth* a la clé privée, qui signe.
#
# `iss` est l’émetteur, `aud` les destinataires, `exp` la date limite. `sub` dit qui parle, `scope` donne ses **droits** (*scopes*). `kid` nomme la clé.
#
# ## Demander, ou vérifier soi-même ?
#
# Le module dessine l’autre façon, l’**introspection** (*token introspection*) : à chaque requête, demander à *auth* si le jeton est bon. *porte* sait faire les deux ; chronométrons.

# %%
bet("ch10.price")

# %%
ch10.open_doors(shop)
seconds = ch10.time_doors(shop)
display(ch10.show_times(seconds))
settle("ch10.price", ch10.price_of_asking(seconds))

# %% [markdown]
# Vérifier est un calcul ; demander, un aller-retour, où *auth* vérifie **deux** jetons : celui d’Alice, et celui du service. Sur la carte, la flèche 4 du module va de *porte* à *auth*.

# %%
shop.map()

# %% [markdown]
# *auth* meurt. Alice a un bon jeton : quelle porte la laisse entrer ?

# %%
bet("ch10.dead")

# %%
entries = ch10.without_auth(shop)
display(entries)
settle("ch10.dead", entries.let_in())

# %% [markdown]
# La boutique continue, avec les clés en mémoire ; personne de nouveau ne se connecte.
#
# | | demander | vérifier soi-même |
# |---|---|---|
# | prix | un appel par requête | un calcul |
# | *auth* est mort | personne n’entre | qui a un jeton entre |
#
# ## 401 ou 403 ?
#
# Le module donne un **intergiciel** (*middleware*), une fonction qui passe avant la vue. *porte* l’a, en Python. Posons quatre questions, à elle et à notre boutique.

# %%
ch10.compare_answers(shop)

# %% [markdown]
# Deux lignes diffèrent. Notre boutique suit la RFC 6750 :
#
# - **401** : je ne sais pas qui vous êtes. Connectez-vous, et recommencez. Le **défi** (*challenge*), dans `WWW-Authenticate`, dit pourquoi ;
# - **403** : je le sais, et c’est non. Inutile de recommencer.
#
# À un jeton expiré aussi, le module répond 403 : un client qui obéit ne se reconnecte jamais. Et il laisse Alice remplir le catalogue : il n’autorise pas.
#
# ### Exercice : décider
#
# Écrivez `decide(authorization, needed, verify)`, qui rend `(statut, défi)` :
#
# - `authorization` est l’en-tête, ou `None`. On y attend `Bearer`, en majuscules ou non, une espace, le jeton ;
# - `needed` est le droit demandé, comme `"orders:read"` ;
# - `verify(token)` rend les déclarations d’un bon jeton, et lève `jwt.InvalidTokenError` pour tout autre. `scope`, qui peut y manquer, est fait de mots séparés par des espaces.
#
# | Situation | statut | défi |
# |---|---|---|
# | pas de jeton, ou pas `Bearer` | 401 | `Bearer` |
# | jeton refusé par `verify` | 401 | `Bearer error="invalid_token"` |
# | droit absent | 403 | `Bearer error="insufficient_scope"` |
# | tout va bien | 200 | `None` |
#
# La vérification essaie de bons et de faux jetons, des en-têtes mal faits (`"Bearer"` seul : pas de jeton), des droits qui se ressemblent : `orders:readonly` n’est pas `orders:read`.

# %% answer="ch10.decide"
def decide(authorization, needed, verify):
    """Le couple (statut, défi) : qui parle, et en a-t-il le droit ?"""
    ### BEGIN SOLUTION
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return 401, "Bearer"
    try:
        claims = verify(token)
    except jwt.InvalidTokenError:
        return 401, 'Bearer error="invalid_token"'
    if needed not in claims.get("scope", "").split():
        return 403, 'Bearer error="insufficient_scope"'
    return 200, None
    ### END SOLUTION


# %% check="ch10.decide"
check("ch10.decide", decide)

# %% [markdown]
# ## Comment trompe-t-on un vérificateur ?
#
# Prenons la place d’*auth*, avec nos clés, et fabriquons dix faux jetons. Trois vérificateurs défendent *orders*. Voici le deuxième, courant : sans destinataire annoncé, PyJWT refusait même le vrai jeton ; on l’a fait taire.
#
# ```python
# jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False})
# ```
#
# Bonne clé, bon algorithme. Combien de faux jetons entrent ?

# %%
bet("ch10.hasty")

# %%
forged = ch10.Forged()
display(forged)
settle("ch10.hasty", forged.count())

# %% [markdown]
# Le premier obéit à l’en-tête `alg` : l’attaquant choisit comment on le vérifie. C’est la **confusion d’algorithmes** (*algorithm confusion*) : la clé publique, que tout le monde a, sert de mot de passe.
#
# Le deuxième prouve **qui a signé**, et rien d’autre : un jeton fait pour *payments* ouvre *orders*, un jeton sans date vaut toujours. Une bibliothèque ne vérifie que ce qu’on lui demande.
#
# ## Et quand la clé change ?
#
# On change de clé avant qu’elle soit volée : c’est la **rotation des clés** (*key rotation*). *auth* signe avec la nouvelle, et publie l’ancienne tant que ses jetons vivent.

# %%
ch10.rotate_keys(shop)

# %% [markdown]
# Rien n’a redémarré, personne n’est déconnecté : la passerelle a vu un `kid` inconnu, et a relu les clés, une fois.
#
# ### Exercice : que prouve ce jeton ?
#
# Complétez `Verifier`. `fetch_keys()` demande les clés d’*auth*, `{"keys": […]}`. `verify(token)` rend les déclarations d’un bon jeton ; pour tout autre texte, elle lève une exception de PyJWT, comme `jwt.InvalidTokenError`. Un bon jeton :
#
# - est signé en RS256 par la clé publiée que nomme son `kid` ;
# - vient de `auth`, pour `orders`, seul ou parmi d’autres ;
# - a un `sub`, et un `exp` à venir (une minute d’écart est permise) ; s’il a un `nbf`, cette date est passée.
#
# Une clé lue sert sans rappeler `fetch_keys`, même si *auth* meurt. Un `kid` qui n’est pas dans la dernière liste lue : relisez tout, une seule fois pour ce jeton. Une clé absente de la nouvelle liste, qui n’est jamais vide, ne prouve plus rien.
#
# La vérification essaie de bons jetons, les dix faux et d’autres, change et retire des clés, compte les appels.

# %% answer="ch10.verifier"
class Verifier:
    """Vérifie les jetons destinés à orders."""

    def __init__(self, fetch_keys):
        self.fetch_keys = fetch_keys
        self.keys = {}  # kid → clé

    def verify(self, token):
        """Les déclarations d’un bon jeton ; une exception de PyJWT pour tout autre."""
        ### BEGIN SOLUTION
        kid = jwt.get_unverified_header(token).get("kid")
        if kid not in self.keys:
            published = jwt.PyJWKSet.from_dict(self.fetch_keys()).keys
            self.keys = {key.key_id: key for key in published}
        if kid not in self.keys:
            raise jwt.InvalidTokenError("clé inconnue")
        return jwt.decode(
            token,
            self.keys[kid],
            algorithms=["RS256"],
            audience="orders",
            issuer="auth",
            options={"require": ["exp", "sub"]},
        )
        ### END SOLUTION


# %% check="ch10.verifier"
check("ch10.verifier", Verifier)

# %% [markdown]
# ## Pour aller plus loin
#
# ### Peut-on reprendre un jeton ?
#
# Alice a perdu son téléphone, et demande la **révocation** (*revocation*) de son jeton. Pour cette mesure, *auth* donne des jetons de quelques secondes ; d’ordinaire, un quart d’heure.

# %%
bet("ch10.revoked")

# %%
watch = ch10.revoke(shop)
display(watch)
settle("ch10.revoked", watch.accepted())

# %% [markdown]
# Qui demande le refuse aussitôt ; qui vérifie soi-même l’accepte jusqu’à sa fin. L’usage : des jetons **courts**, vérifiés sur place, renouvelés par un **jeton de rafraîchissement** (*refresh token*) ; l’introspection pour les gestes graves.
#
# ### Les clés en mémoire survivent-elles à tout ?
#
# *auth* est mort, et la boutique continue, avons-nous mesuré. Pendant ce temps, la passerelle redémarre (une mise à jour, une panne). Alice revient avec le même bon jeton.

# %%
bet("ch10.cold")

# %%
entries = ch10.cold_start(shop)
display(entries)
settle("ch10.cold", ch10.fate(entries))

# %% [markdown]
# Vérifier soi-même ne supprime pas la dépendance envers *auth* : cela la **déplace au démarrage**. Deux pannes sans gravité, l’une après l’autre, ferment toute la boutique. On s’en protège en gardant les clés sur le disque, ou en les livrant avec la configuration.
#
# ### Quelle signature choisir ?

# %%
ch10.signature_costs()

# %% [markdown]
# RSA passe pour lent, et il l’est : pour **signer**. Vérifier lui coûte bien moins, quand les deux autres paient davantage pour vérifier que pour signer. Or un jeton est signé une fois, et vérifié à chaque requête, par chaque service.
#
# ### Exercice : trouvez le défaut
#
# Voici un petit *orders*. Il vit derrière la passerelle, qui vérifie le jeton et écrit le nom prouvé dans `X-User-Id` : personne ne peut forger cet en-tête du dehors, vous l’avez mesuré au début.

# %%
# %%service orders
from itertools import count

from flask import Flask, abort, request

app = Flask(__name__)
orders, numbers = {}, count(1)


def customer():
    """Qui parle : la passerelle l’a vérifié."""
    return request.headers.get("X-User-Id") or abort(401)


@app.post("/orders")
def place():
    order = {"id": str(next(numbers)), "customer": customer(), **request.get_json()}
    orders[order["id"]] = order
    return order, 201


@app.get("/orders")
def list_mine():
    name = customer()
    return {"orders": [order for order in orders.values() if order["customer"] == name]}


@app.get("/orders/<id>")
def show(id):
    return orders.get(id) or abort(404)


@app.delete("/orders/<id>")
def cancel(id):
    if orders.pop(id, None) is None:
        abort(404)
    return "", 204


# %% [markdown]
# Alice commande une lampe. Que peut faire Bob, qui est un client comme elle, avec un vrai jeton et les mêmes droits ?

# %%
order = shop.post("/orders", {"item": "LAMP"}).json()
bob = ch10.bearer(ch10.log_in(shop, "bob"))
shop.get(f"/orders/{order['id']}", headers=bob)

# %% [markdown]
# Aucun faux jeton, aucun en-tête forgé : Bob a demandé un autre numéro. L’**autorisation par objet** (*object-level authorization*) manque ; c’est la première faille de la liste de l’OWASP pour les API. Le droit de lire **des** commandes n’est pas celui de les lire **toutes**. Ce service a d’autres défauts du même genre. Une fois réparé :
#
# - on ne lit et on n’annule que ses propres commandes ; pour celle d’un autre, répondez **404**, comme pour une commande qui n’existe pas ;
# - le corps d’un `POST` ne choisit ni `customer`, ni `id` : ignorez-les, ou refusez ce corps par un 4xx ;
# - sans `X-User-Id`, toute route répond 401.
#
# Le reste ne change pas : 201 et la commande créée (`id`, un texte neuf à chaque fois, `customer`, `item`) ; `{"orders": […]}` ; 204 à l’annulation. La vérification appelle votre service directement, comme la passerelle le ferait : au nom d’Alice, de Bob, et de personne.

# %% answer="ch10.owner"
# %%service orders
from itertools import count

from flask import Flask, abort, request

app = Flask(__name__)
orders, numbers = {}, count(1)


def customer():
    return request.headers.get("X-User-Id") or abort(401)


@app.post("/orders")
def place():
    ### BEGIN SOLUTION
    item = request.get_json().get("item")
    order = {"id": str(next(numbers)), "customer": customer(), "item": item}
    orders[order["id"]] = order
    return order, 201
    ### END SOLUTION


@app.get("/orders")
def list_mine():
    name = customer()
    return {"orders": [order for order in orders.values() if order["customer"] == name]}


@app.get("/orders/<id>")
def show(id):
    ### BEGIN SOLUTION
    name, order = customer(), orders.get(id)
    if order is None or order["customer"] != name:
        abort(404)
    return order
    ### END SOLUTION


@app.delete("/orders/<id>")
def cancel(id):
    ### BEGIN SOLUTION
    del orders[show(id)["id"]]
    return "", 204
    ### END SOLUTION


# %% check="ch10.owner"
check("ch10.owner")

# %% [markdown]
# Avant de fermer, résumez pour vous-même ce que vous venez de voir. Ces deux phrases restent dans votre journal de bord.

# %%
takeaway("ch10")

# %% [markdown]
# ## Ce que nous savons maintenant
#
# - Un jeton signé se vérifie **sans appeler personne** ; en échange, sa révocation attend sa fin.
# - **401** : je ne sais pas qui parle. **403** : je le sais, et c’est non.
# - Une bonne signature ne suffit pas : vérifiez l’algorithme, l’émetteur, le destinataire, la date, et à qui est la donnée.
#
# Nous savons qui a demandé quoi. Que s’est-il passé ensuite ? C’est [l’observabilité](course:next).
