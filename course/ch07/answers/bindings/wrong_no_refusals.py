# feedback: n’a pas reçu payment.failed | impayés
binding_keys = ["order.*"]
