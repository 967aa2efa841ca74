# feedback: a aussi reçu | email.sent
binding_keys = ["#"]
