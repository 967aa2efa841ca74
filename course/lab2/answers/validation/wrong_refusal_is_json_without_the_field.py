# change of: right_dictionary_of_faults
# feedback: ne dit pas que c’est
# mistake: ne di(t|sent) pas quel champ est faux
-    abort(make_response(jsonify(errors=fautes), 422))
+    abort(make_response(jsonify(error="Unprocessable", reasons=sorted(set(fautes.values()))), 422))
