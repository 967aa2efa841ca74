# feedback: a aussi reçu | payment.processed
# mistake: reçoi(t|vent) aussi les paiements acceptés
binding_keys = ["order.*", "payment.*"]
