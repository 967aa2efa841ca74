# feedback: n’a pas reçu | order.created
# mistake: (prend|prennent) le nom de l’événement pour la clé
binding_keys = ["ORDER_*", "PAYMENT_FAILED"]
