# feedback: a aussi reçu | payment.processed
# mistake: reçoi(t|vent) aussi les paiements acceptés
# payment.* also brings the accepted payments (payment.processed).
binding_keys = ["order.#", "payment.*"]
