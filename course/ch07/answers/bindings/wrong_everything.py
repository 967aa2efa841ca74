# feedback: a aussi reçu | email.sent
# mistake: reçoi(t|vent) tout
binding_keys = ["#"]
