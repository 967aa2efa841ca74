# change of: solution
# feedback: AttributeError | 422
-    if not isinstance(body, dict):
-        abort(422, "Le corps doit être un objet JSON.")
