# change of: solution
# feedback: celui qui échoue n’est pas toujours celui qui a changé
# mistake: (accuse|accusent) l’autre service déployé ce jour-là
-    "service": "products",
+    "service": "payments",
