# change of: solution
# feedback: carnet a été appelé | aucun appel
-        if known and (written is None or known["version"] >= written["version"]):
+        if known and (written is None or known["version"] > written["version"]):
