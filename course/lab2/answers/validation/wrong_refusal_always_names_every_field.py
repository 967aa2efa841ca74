# change of: right_dictionary_of_faults
# feedback: et lui seul
# mistake: nomme(nt) tous les champs à chaque refus
-def refuser(**fautes):
-    abort(make_response(jsonify(errors=fautes), 422))
+def refuser(**_):
+    abort(make_response(jsonify(error="sku, name et price_cents sont obligatoires et doivent être justes"), 422))
