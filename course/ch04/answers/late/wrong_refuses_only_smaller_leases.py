# change of: solution
# feedback: d’un autre nom | toujours inscrit
-    if name not in table or table[name]["lease"] != lease:
+    if name not in table or lease < table[name]["lease"]:
