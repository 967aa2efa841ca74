# change of: right_by_hand
# feedback: répond 200 | 422
# mistake: répond(ent) 200 à un refus
 catalogue = {}
+
+
+class Refused(Exception):
+    pass
+
+
+@app.errorhandler(Refused)
+def refuse(error):
+    return {"error": str(error)}, 200

-        abort(422, f"Champs faux : {faults}")
+        raise Refused(faults)
