# change of: solution
# feedback: annule une commande annulée : réponse 204
# mistake: répond(ent) 204 à l’annulation d’une commande qui n’existe pas
-    del orders[show(id)["id"]]
+    if id in orders:
+        del orders[show(id)["id"]]
