# change of: solution
# feedback: la même commande dans chaque réponse
-    return find_by_key(key) or order
+    return order
