# change of: solution
# feedback: L’ancien s’inscrit, l’ancien bat | serait repoussée
-    if name not in table or table[name]["lease"] != lease:
+    if name not in table or table[name]["lease"] >= lease:
