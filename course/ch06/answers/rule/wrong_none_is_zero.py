# change of: solution
# feedback: absence de réponse | reste fermé
# mistake: (prend|prennent) l’absence de réponse pour un succès
-        if call["status"] is None or call["status"] >= 500 or call["seconds"] > 1
+        if (call["status"] or 0) >= 500 or call["seconds"] > 1
