# change of: solution
# feedback: que personne ne publie
-        "publie": ["commande.prise"],
+        "publie": ["commande.créée"],
