# change of: right_by_hand
# feedback: ne dit pas que c’est
-        abort(422, f"Champs faux : {faults}")
+        abort(400)
