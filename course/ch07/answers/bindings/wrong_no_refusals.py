# feedback: n’a pas reçu payment.failed | impayés
# mistake: oublie(nt) les paiements refusés
binding_keys = ["order.*"]
