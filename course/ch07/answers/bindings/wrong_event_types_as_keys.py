# feedback: n’a pas reçu | order.created
# mistake: (prend|prennent) le nom de l’événement pour la clé
# uses the names of the events, in capitals and underscores, instead of the keys: nothing matches.
binding_keys = ["ORDER_#", "PAYMENT_FAILED"]
