# feedback: type « list »
boutique = ["comptes", "catalogue", "stock", "commandes", "paiements"]
