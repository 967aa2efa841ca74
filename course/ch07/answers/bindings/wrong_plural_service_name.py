# feedback: n’a pas reçu | order.created
# mistake: écri(t|vent) le nom du service à la place du premier mot de la clé
# binds with the name of the service, orders, not with the first word of the keys, order: no order event comes.
binding_keys = ["orders.#", "payment.failed"]
