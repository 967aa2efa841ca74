# change of: solution
# feedback: « commandes » tué | notifications, stock
         "donnees": ["commande"],
-        "emporte": [],
+        "emporte": ["stock", "notifications"],
