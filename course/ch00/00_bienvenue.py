# %% [markdown]
# # Bienvenue dans la boutique
#
# **Dans ce chapitre**, vous ouvrez une boutique en ligne faite de vrais services, vous la regardez vivre sur une carte tracée d’après son trafic, vous en cassez un morceau, puis vous répondez à un premier exercice, vérifié sur-le-champ.
#
# Rien ici ne peut être abîmé : quand le noyau du carnet s’arrête (menu *Kernel*, *Shut Down Kernel*), tout disparaît, processus et données. Fermer l’onglet ne suffit pas : la boutique continue sans vous.

# %% [markdown]
# ## Que va-t-on faire dans ce cours ?
#
# Une **architecture micro-services** découpe une application en petits services autonomes : chacun a sa responsabilité, sa base de données, son propre rythme de livraison, et ne parle aux autres que par des interfaces convenues. Pensez à une entreprise : plutôt qu’une grande salle où tout le monde travaille sur la même table (le *monolithe*), des services installés chacun chez soi, qui s’appellent et s’écrivent.
#
# On peut le lire. Ici, on le fait tourner. Chaque chapitre suit le même rythme :
#
# 1. une **question** ;
# 2. votre **pari**, avant d’exécuter ;
# 3. l’**expérience**, mesurée sous vos yeux ;
# 4. l’**explication** ;
# 5. un **exercice**, que le carnet corrige lui-même.
#
# Pariez pour de bon : on retient ce qui nous a surpris. Le carnet garde vos paris et les met à côté de la mesure ; ils ne sont jamais notés.

# %% [markdown]
# ## Comment ouvre-t-on la boutique ?
#
# Exécutez la cellule avec <kbd>Maj</kbd> + <kbd>Entrée</kbd>. Elle lance huit services Flask et un courtier de messages, RabbitMQ. La première fois, RabbitMQ demande quelques secondes ; les services, un dixième.

# %% tags=["setup"]
from workbook import Shop, bet, check, hint, progress, roadmap, settle, solution, takeaway

shop = Shop.start()
shop

# %% [markdown]
# Chaque ligne est un **processus** de votre machine, avec sa mémoire et son port. Ce n’est pas un décor : `ps` les montre, et l’un peut mourir sans les autres.

# %% [markdown]
# ## À quoi ressemble-t-elle ?

# %%
carte = shop.map()
carte

# %% [markdown]
# Pour l’instant personne ne s’est parlé, donc la carte ne montre **aucun trait** entre les services : elle ne dessine que ce qu’elle a observé. Deux exceptions : les files de RabbitMQ et leurs abonnements, que le courtier déclare lui-même.
#
# | Sur la carte | Cela veut dire |
# |---|---|
# | carte blanche, ✓ vert | un service qui répond bien |
# | triangle orange | il répond, mais lentement ou avec des erreurs |
# | octogone rouge | il ne répond plus ; il reste sur la carte, avec la cause |
# | petit cylindre | sa base de données, à lui seul |
# | trait plein, point qui voyage | un appel HTTP ; plus le trait est épais, plus le débit est grand ; un losange est une erreur |
# | trait pointillé | un message, qui passe par une file |
# | trait gris, très fin | un chemin déjà emprunté, où plus rien ne passe |

# %% [markdown]
# ## Que se passe-t-il quand on achète une lampe ?
#
# `shop.get` et `shop.post` s’adressent à la **passerelle**, la seule porte de la boutique. Regardons d’abord le catalogue, qui est public.

# %%
shop.get("/products/LAMP")

# %% [markdown]
# Pour commander, il faut se présenter. Alice reçoit un jeton signé, que ses requêtes suivantes porteront.

# %%
shop.sign_in("alice")
panier = {"items": [{"sku": "LAMP", "quantity": 2}], "card": "tok_visa"}
commande = shop.post("/orders", panier)
commande

# %% [markdown]
# **Votre pari** : combien de services cette commande a-t-elle traversés ? Exécutez la cellule : un formulaire s’ouvre. Donnez votre réponse, puis votre **certitude**, *au hasard*, *plutôt* ou *certain*, et choisissez *Parier*. « Au hasard » est une réponse honnête.

# %%
bet("ch00.services")

# %% [markdown]
# Vous pouvez changer d’avis jusqu’à la mesure : la cellule suivante la prend, **scelle** votre pari, et les montre l’un à côté de l’autre. Elle mesure aussi bien si vous n’avez pas parié. (Sans formulaire, un pari s’écrit aussi en code : `bet("ch00.services", 4, "plutôt")`.)

# %%
display(shop.sequence(commande))
settle("ch00.services", len({span["service"] for span in shop.spans(commande)}))

# %% [markdown]
# De haut en bas, le temps ; chaque colonne, un service. Les flèches pleines attendent leur réponse : *orders* demande le prix à *products*, réserve le stock chez *inventory*, débite la carte chez *payments*. Les flèches tiretées n’attendent personne : *orders* dépose un message dans RabbitMQ, et *notifications* le lira quand il pourra.
#
# La même requête, vue comme un emploi du temps :

# %%
shop.trace(commande)

# %% [markdown]
# Chaque service tient aussi un **journal** (*log*) : une ligne par chose qui lui arrive. Les lignes de tous les clients s’y mêlent. Pour retrouver celles d’une commande, on suit son **identifiant de trace** (*trace id*), que chaque service transmet au suivant et écrit dans ses lignes.

# %%
print(commande.trace_id)
shop.logs(trace=commande)

# %% [markdown]
# À gauche, le service qui écrit. Retenez ce geste : quand une réponse vous surprend, `shop.logs(trace=réponse)` dit ce que chacun a vu.
#
# Remontez voir la carte : les traits sont apparus. Ils viennent de ce que les services ont écrit en travaillant, pas d’un dessin préparé.

# %% [markdown]
# ## Qui peut tomber sans empêcher une vente ?
#
# Deux services vont mourir, l’un après l’autre, par `kill -9` : sans prévenir, sans rien finir. D’abord *notifications*, qui envoie les courriels. **La vente passera-t-elle ?**

# %%
shop.kill("notifications")
shop.post("/orders", {"items": [{"sku": "MUG", "quantity": 1}], "card": "tok_visa"})

# %% [markdown]
# La vente passe : personne n’attendait *notifications*. Son message patiente dans la file `notifications.orders`, et la carte montre le service en rouge.
#
# Au tour de *products*, à qui *orders* demande le prix **pendant** la commande. Et maintenant ?

# %%
shop.kill("products")
shop.post("/orders", {"items": [{"sku": "MUG", "quantity": 1}], "card": "tok_visa"})

# %% [markdown]
# Cette fois la vente est perdue, et la réponse le dit sans accuser le client : **503**, un service manque. Voilà toute la différence entre *appeler* et *écrire* : qui appelle dépend de la vie de l’autre. On nomme cela le **couplage temporel** ; le chapitre 7 en fait son affaire.

# %%
shop.map()

# %% [markdown]
# Relançons les deux. Le message en attente arrive enfin, et la vente reprend.

# %%
shop.restart("products")
shop.restart("notifications")
shop.post("/orders", {"items": [{"sku": "MUG", "quantity": 1}], "card": "tok_visa"})

# %% [markdown]
# À vous, sans code : sous la carte, choisissez un service, puis *Tuer*, *Redémarrer*, *Ralentir*. Lancez un peu de trafic et regardez l’erreur se propager d’un service à l’autre.

# %% [markdown]
# ## Comment marchent les exercices ?
#
# Un exercice tient en deux cellules : la vôtre, à compléter, et celle qui vérifie. La vérification ne lit pas votre code : elle **regarde ce qu’il fait**. Toute réponse qui se comporte bien est bonne.
#
# Le verdict est l’un des cinq que voici : *réussi*, *à faire*, *pas encore*, *erreur dans votre code*, ou *vérification impossible* — et dans ce dernier cas, ce n’est pas votre faute. Bloqué ? `hint("ch00.stock")` donne un indice, puis un autre. Après un vrai essai, `solution("ch00.stock")` montre une réponse possible.

# %% [markdown]
# ### Exercice : combien en reste-t-il ?
#
# Complétez `units_left(sku)` : elle demande à la boutique combien d’unités d’un article sont **disponibles** à cet instant, et rend ce nombre entier, `0` s’il est épuisé. Un article est connu par sa référence, ou *SKU*, comme `"LAMP"` ; le chemin est `/stock/<sku>`. Essayez d’abord `shop.get("/stock/LAMP")` dans une cellule à vous, et regardez son statut et son `.json()`. Si l’article n’existe pas, la boutique répond 404, et `units_left` rend `None`.
#
# La vérification change le stock entre deux appels, peut mettre en rayon un article nouveau, et des clients peuvent acheter pendant ce temps. Elle ne met rien en panne.

# %% answer="ch00.stock"
def units_left(sku):
    ### BEGIN SOLUTION
    response = shop.get(f"/stock/{sku}")
    if response.status_code == 404:
        return None
    return response.json()["available"]
    ### END SOLUTION


# %% check="ch00.stock"
check("ch00.stock", units_left)

# %% [markdown]
# Vos points et vos paris sont gardés sur disque, dans le dossier du cours : ils survivent au redémarrage du noyau, et ne partent nulle part ailleurs. Sous les exercices, `progress()` rappelle les paris où vous aviez dit « certain » et où la mesure a dit autre chose : ce sont les questions à revoir.

# %%
progress()

# %% [markdown]
# ## Par où continuer ?
#
# Chaque chapitre tourne seul, dans l’ordre que vous voulez ; certains en préparent d’autres. Les chapitres en bleu sont ceux dont vous avez réussi les exercices principaux.

# %%
roadmap()

# %% [markdown]
# Avant de fermer, résumez pour vous-même ce que vous venez de voir. Ces deux phrases restent dans votre journal de bord.

# %%
takeaway("ch00")

# %% [markdown]
# ## Ce que nous savons maintenant
#
# - Un micro-service est un **processus autonome** : il a sa base, son port, et peut mourir seul.
# - Une vente traverse plusieurs services ; ceux qu’on **appelle** doivent être vivants, ceux à qui l’on **écrit** peuvent attendre.
# - La carte ne montre que ce qui est **observé** : c’est elle qu’il faut croire, pas le schéma d’architecture.
#
# Ensuite : [Messages asynchrones](course:ch07), ou le [laboratoire 2](course:lab2) pour écrire votre premier service.
