# %% [markdown]
# # Laboratoire 1 : conception d’une boutique
#
# Une architecture se dessine en une heure, et l’on découvre ses défauts un an plus tard, une nuit de panne. Ici, votre dessin devient de vrais processus, et nous les tuons tout de suite.
#
# **À la fin, vous saurez**
#
# - trouver les domaines d’une boutique, et donner à chacun ses gestes et ses données ;
# - choisir entre un appel et un événement ;
# - prévoir qui s’arrête quand un service meurt, et le mesurer ;
# - dire pourquoi vous coupez là, et quand il ne faut pas couper.

# %% [markdown]
# ## Qu’allez-vous construire ?
#
# Un dessin comme celui-ci, mais d’une boutique en ligne. Voici une bibliothèque de quartier, avec trois services.

# %% tags=["setup"]
from course.lab1.experiments import draw
from workbook import Shop, bet, check, hint, progress, settle, solution, takeaway

shop = Shop.start("registry")

# %%
bibliotheque = {
    "lecteurs": {
        "domaine": "lecteurs",
        "gestes": ["inscrire un lecteur"],
        "base": "lecteurs.db",
        "donnees": ["adresse"],
    },
    "prets": {
        "domaine": "prêts",
        "gestes": ["prêter un livre", "rendre un livre"],
        "appelle": ["lecteurs"],
        "publie": ["livre.rendu"],
        "base": "prets.db",
        "donnees": ["prêt"],
    },
    "rappels": {
        "domaine": "rappels",
        "gestes": ["écrire à qui attend"],
        "ecoute": ["livre.rendu"],
        "base": "rappels.db",
        "donnees": ["lettre"],
    },
}

draw(bibliotheque, "Une bibliothèque de quartier")

# %% [markdown]
# Un dictionnaire : le nom de chaque service, puis ce qu’il est. Une clé absente vaut une liste vide, sauf `emporte`, qu’il faut écrire à l’étape 5 ; il n’y a pas d’autre clé. Majuscules et accents ne comptent pas, sauf dans les noms de services.
#
# | Clé | Ce qu’elle dit |
# |---|---|
# | `domaine` | son métier, un texte |
# | `gestes` | ce qu’il sait faire |
# | `appelle` | les services qu’il appelle, à **chaque** demande, et dont il **attend** la réponse |
# | `publie`, `ecoute` | les noms des événements qu’il annonce, ceux qu’il reçoit |
# | `base`, `donnees` | le fichier de sa base de données, et les données dont il est le propriétaire |
# | `emporte` | à la dernière étape : qui s’arrête quand il meurt |
#
# C’est l’exercice 1 du module, en cinq étapes :
#
# | Sous-tâche | Étape | Points | Minutes |
# |---|---|---|---|
# | 1. cinq domaines métier | 1. les domaines | 3 | 10 |
# | 2. les responsabilités | 2. les gestes | 5 | 15 |
# | 3. l’architecture, les communications | 3. les appels et les événements | 7 | 25 |
# | 4. les données de chaque service | 4. les propriétaires | 5 | 15 |
# | les quatre ensemble | 5. qui tombe avec qui | 6 | 15 |
# | | votre note de décision | 4 | 10 |
#
# Le même dictionnaire **grandit** : copiez votre cellule dans la suivante, puis complétez-la. On peut s’arrêter entre deux étapes, et reprendre un autre jour.

# %% [markdown]
# ## Étape 1 : de quels métiers est faite une boutique ?
#
# Un **domaine métier** (*business domain*) est ce qu’une équipe sait faire sans demander aux autres. Il en faut cinq au moins de cette liste : utilisateurs, produits, commandes, paiements, notifications, stock, livraison, avis. Leurs noms anglais sont acceptés : `users`, `products`, `orders`, `payments`, `notifications`, `inventory`, `shipping`, `reviews`. Vous pouvez ajouter, en plus, des domaines à vous.
#
# - De cinq à dix services ; chacun dit son `domaine`, et deux services n’ont pas le même.
# - Un nom de service est fait de lettres minuscules sans accent, avec des traits d’union entre elles si vous voulez. Il est libre, sauf `registry`, `client` et `broker`, déjà pris.
#
# **Ce que fait la vérification** : elle lit le dictionnaire, puis lance chaque service dans un vrai processus, et lui parle en HTTP. Les clés des étapes suivantes ne comptent pas encore.

# %% answer="lab1.domains"
### BEGIN SOLUTION
boutique = {
    "comptes": {"domaine": "utilisateurs"},
    "catalogue": {"domaine": "produits"},
    "stock": {"domaine": "stock"},
    "commandes": {"domaine": "commandes"},
    "paiements": {"domaine": "paiements"},
    "notifications": {"domaine": "notifications"},
}
### END SOLUTION

# %% check="lab1.domains"
check("lab1.domains", boutique)

# %% [markdown]
# ## Étape 2 : qui fait quoi ?
#
# Voici dix gestes de la boutique, et la donnée que chacun écrit.
#
# | Geste | Il écrit |
# |---|---|
# | inscrire un client | adresse |
# | décrire un article | fiche |
# | fixer un prix | prix |
# | réserver un article | quantité |
# | prendre une commande | commande |
# | encaisser | paiement |
# | rembourser | paiement |
# | prévenir le client | message |
# | expédier un colis | colis |
# | publier un avis | avis |
#
# Ajoutez `gestes` à vos services. Les mots sont ceux du tableau, recopiés ; vous pouvez ajouter des gestes à vous.
#
# 1. Chaque geste du tableau est fait par un service, et un seul.
# 2. Chaque service en fait un au moins, du tableau ou à vous ; aucun n’en fait plus de trois du tableau.
# 3. Cinq gestes appartiennent à cinq équipes, donc à cinq services : inscrire un client, décrire un article, prendre une commande, encaisser, prévenir le client. Le premier va au domaine utilisateurs, le deuxième à produits, puis à commandes, paiements, notifications. Si vous n’avez pas ce domaine, choisissez un autre service.
# 4. Deux gestes qui écrivent la même donnée sont au même service.
#
# La vérification lit le dictionnaire, et compte. C’est la **cohésion** (*cohesion*) : ce qui change ensemble reste ensemble.

# %% answer="lab1.duties"
### BEGIN SOLUTION
boutique = {
    "comptes": {"domaine": "utilisateurs", "gestes": ["inscrire un client"]},
    "catalogue": {
        "domaine": "produits",
        "gestes": ["décrire un article", "fixer un prix", "publier un avis"],
    },
    "stock": {"domaine": "stock", "gestes": ["réserver un article", "expédier un colis"]},
    "commandes": {"domaine": "commandes", "gestes": ["prendre une commande"]},
    "paiements": {"domaine": "paiements", "gestes": ["encaisser", "rembourser"]},
    "notifications": {"domaine": "notifications", "gestes": ["prévenir le client"]},
}
### END SOLUTION

# %% check="lab1.duties"
check("lab1.duties", boutique)

# %% [markdown]
# ## Étape 3 : appeler, ou annoncer ?
#
# Voici une boutique où tout le monde appelle. *stock* prévient quand un article manque, *paiements* envoie un reçu : deux appels à *notifications*.

# %%
from course.lab1.experiments import CALLS, survivors

draw(CALLS, "Tout le monde appelle")

# %%
bet("lab1.calls")

# %%
settle("lab1.calls", survivors(shop, CALLS))

# %% [markdown]
# Pour un courriel, on ne peut plus lire une fiche. Un appel dont on attend la réponse est **synchrone** (*synchronous*) : l’appelé mort, l’appelant échoue, et celui qui l’appelle aussi.
#
# La même boutique ; seules changent les deux flèches vers *notifications*. *stock* et *paiements* **publient** un événement, *notifications* l’**écoute**.

# %%
from course.lab1.experiments import EVENTS, mail_after_waking

draw(EVENTS, "Deux appels sont devenus des événements")

# %%
bet("lab1.events")

# %%
alive, heard = mail_after_waking(shop, EVENTS)
print("L’événement est arrivé au réveil." if heard else "L’événement est perdu.")
settle("lab1.events", alive)

# %% [markdown]
# L’événement a attendu que l’autre se réveille. Dans ce laboratoire, celui qui publie le porte lui-même, autant de fois qu’il le faut. S’il meurt aussi, l’événement est perdu : le RabbitMQ du dessin fait mieux, au chapitre [Messages asynchrones](course:ch07).
#
# À vous : ajoutez `appelle`, `publie` et `ecoute`.
#
# 1. On appelle un autre service de la boutique ; on écoute un événement que quelqu’un publie, sous le même nom.
# 2. Aucun cycle d’appels : une demande ne revient jamais à un service qui l’attend déjà.
# 3. Une vente, demandée au service qui sait « prendre une commande », arrive à ceux qui savent « réserver un article », « encaisser » et « prévenir le client », par des appels ou des événements, directement ou en passant par d’autres services. Celui qui prend la commande atteint, par des appels, celui qui sait « fixer un prix » ; ou bien il reçoit, par un événement, les changements de prix. Un même service peut avoir plusieurs de ces gestes.
# 4. La mort d’un service n’arrête pas plus de la moitié des autres. Pour que celui qui prend la commande réponde, il ne lui faut pas plus de deux autres services vivants.
#
# **Ce que fait la vérification** : elle déploie votre dessin. Chaque service appelle ceux de `appelle`, attend, puis publie ses événements ; qui reçoit un événement fait de même. Elle leur parle à tous, suit une vente, puis les tue l’un après l’autre (`kill -9`), demande aux autres s’ils répondent encore, et relance le mort.

# %% answer="lab1.links"
### BEGIN SOLUTION
boutique = {
    "comptes": {"domaine": "utilisateurs", "gestes": ["inscrire un client"]},
    "catalogue": {
        "domaine": "produits",
        "gestes": ["décrire un article", "fixer un prix", "publier un avis"],
    },
    "stock": {
        "domaine": "stock",
        "gestes": ["réserver un article", "expédier un colis"],
        "ecoute": ["commande.prise"],
    },
    "commandes": {
        "domaine": "commandes",
        "gestes": ["prendre une commande"],
        "appelle": ["catalogue", "paiements"],
        "publie": ["commande.prise"],
    },
    "paiements": {"domaine": "paiements", "gestes": ["encaisser", "rembourser"]},
    "notifications": {
        "domaine": "notifications",
        "gestes": ["prévenir le client"],
        "ecoute": ["commande.prise"],
    },
}
### END SOLUTION

# %% [markdown]
# Relancez le dessin aussi souvent que vous voulez : il suit votre cellule.

# %%
draw(boutique)

# %% check="lab1.links"
check("lab1.links", boutique)

# %% [markdown]
# ## Étape 4 : à qui est chaque donnée ?
#
# Neuf données : adresse, fiche, prix, quantité, commande, paiement, message, colis, avis. Ajoutez `base` et `donnees` ; des données à vous sont permises.
#
# 1. Chaque donnée a un **propriétaire** (*owner*), et un seul. C’est vrai aussi de vos données à vous.
# 2. Un service n’écrit que chez lui : le geste et la donnée qu’il écrit, dans le tableau de l’étape 2, sont au même service.
# 3. Un service qui a des données nomme sa base, et ne la partage avec personne : `Ventes.db` et `ventes.db` sont la même.
#
# **Ce que fait la vérification** : elle déploie les services, demande chaque donnée à tous, et écrit. Puis chacun, tour à tour, verrouille sa base, comme pendant un changement de table ; les autres doivent continuer d’écrire.

# %% answer="lab1.owners"
### BEGIN SOLUTION
boutique = {
    "comptes": {
        "domaine": "utilisateurs",
        "gestes": ["inscrire un client"],
        "base": "comptes.db",
        "donnees": ["adresse"],
    },
    "catalogue": {
        "domaine": "produits",
        "gestes": ["décrire un article", "fixer un prix", "publier un avis"],
        "base": "catalogue.db",
        "donnees": ["fiche", "prix", "avis"],
    },
    "stock": {
        "domaine": "stock",
        "gestes": ["réserver un article", "expédier un colis"],
        "ecoute": ["commande.prise"],
        "base": "stock.db",
        "donnees": ["quantité", "colis"],
    },
    "commandes": {
        "domaine": "commandes",
        "gestes": ["prendre une commande"],
        "appelle": ["catalogue", "paiements"],
        "publie": ["commande.prise"],
        "base": "commandes.db",
        "donnees": ["commande"],
    },
    "paiements": {
        "domaine": "paiements",
        "gestes": ["encaisser", "rembourser"],
        "base": "paiements.db",
        "donnees": ["paiement"],
    },
    "notifications": {
        "domaine": "notifications",
        "gestes": ["prévenir le client"],
        "ecoute": ["commande.prise"],
        "base": "notifications.db",
        "donnees": ["message"],
    },
}
### END SOLUTION

# %% check="lab1.owners"
check("lab1.owners", boutique)

# %% [markdown]
# ## Étape 5 : qui marche encore quand un service est mort ?
#
# Le pari du laboratoire. Pour **chaque** service, dites dans `emporte` la liste des **autres** services qui ne répondent plus à leurs clients quand il est mort : `[]` si tous répondent encore.
#
# **Ce que fait la vérification** : elle déploie le dessin, s’assure que tous répondent, puis tue chaque service à son tour (`kill -9`). Si votre annonce est égale à la mesure, c’est gagné ; l’ordre d’une liste ne compte pas. Les règles des étapes 2 à 4 ne sont pas jugées de nouveau.

# %% answer="lab1.falls"
### BEGIN SOLUTION
boutique = {
    "comptes": {
        "domaine": "utilisateurs",
        "gestes": ["inscrire un client"],
        "base": "comptes.db",
        "donnees": ["adresse"],
        "emporte": [],
    },
    "catalogue": {
        "domaine": "produits",
        "gestes": ["décrire un article", "fixer un prix", "publier un avis"],
        "base": "catalogue.db",
        "donnees": ["fiche", "prix", "avis"],
        "emporte": ["commandes"],
    },
    "stock": {
        "domaine": "stock",
        "gestes": ["réserver un article", "expédier un colis"],
        "ecoute": ["commande.prise"],
        "base": "stock.db",
        "donnees": ["quantité", "colis"],
        "emporte": [],
    },
    "commandes": {
        "domaine": "commandes",
        "gestes": ["prendre une commande"],
        "appelle": ["catalogue", "paiements"],
        "publie": ["commande.prise"],
        "base": "commandes.db",
        "donnees": ["commande"],
        "emporte": [],
    },
    "paiements": {
        "domaine": "paiements",
        "gestes": ["encaisser", "rembourser"],
        "base": "paiements.db",
        "donnees": ["paiement"],
        "emporte": ["commandes"],
    },
    "notifications": {
        "domaine": "notifications",
        "gestes": ["prévenir le client"],
        "ecoute": ["commande.prise"],
        "base": "notifications.db",
        "donnees": ["message"],
        "emporte": [],
    },
}
### END SOLUTION

# %% check="lab1.falls"
check("lab1.falls", boutique)

# %% [markdown]
# Votre annonce et la mesure, côte à côte. Changez une flèche, annoncez, relancez.

# %%
from course.lab1.experiments import side_by_side

side_by_side(shop, boutique)

# %% [markdown]
# ## Votre bilan, en une page
#
# Vos points et vos paris, le dessin d’une boutique qui tient, votre note.

# %%
display(draw(boutique, "Votre boutique"))
progress("lab1")

# %% [markdown]
# Reste à dire pourquoi. Une **note de décision** (*decision record*) tient sur une demi-page ; ceux qui viendront après vous la liront avant d’y toucher. Écrivez-la dans le champ ci-dessous, à la place des deux phrases : mille signes au plus. Votre enseignant la note, un point par ligne :
#
# | Point | Ce qu’il y cherche |
# |---|---|
# | 1 | deux de vos frontières, et la raison de chacune : qui change quoi, à quel rythme |
# | 2 | un appel que vous gardez et un événement, et ce que le client attend dans chaque cas |
# | 3 | une mort mesurée ci-dessus, ce qu’elle arrête, et pourquoi vous l’acceptez |
# | 4 | un cas où il ne faut **pas** couper, et le signe qui ferait changer d’avis |

# %%
takeaway("lab1")

# %% [markdown]
# ## Ce que nous savons maintenant
#
# - Une frontière suit un **métier** : ses gestes, les données qu’ils écrivent, une base à lui.
# - Un appel **lie deux vies** : la mort de l’appelé arrête l’appelant, et remonte. Un événement attend.
# - Une architecture se **mesure** : tuez chaque service, et comparez avec ce que vous aviez annoncé.
#
# Ensuite : [Une API REST pour *Products*](course:next), un de ces services, pour de vrai.
