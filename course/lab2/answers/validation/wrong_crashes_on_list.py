# change of: right_by_hand
# feedback: AttributeError
# mistake: plante(nt) si le corps n’est pas un objet
-    if not isinstance(body, dict):
-        abort(422, "Le corps doit être un objet JSON.")
