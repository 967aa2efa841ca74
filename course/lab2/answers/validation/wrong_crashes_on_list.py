# change of: right_by_hand
# feedback: AttributeError
-    if not isinstance(body, dict):
-        abort(422, "Le corps doit être un objet JSON.")
