# change of: right_by_hand
# feedback: ne dit pas que c’est
# mistake: ne di(t|sent) pas quel champ est faux
-        abort(422, f"Champs faux : {faults}")
+        abort(400)
