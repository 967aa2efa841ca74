# change of: solution
# feedback: le stock ne correspond pas aux ventes | encore de côté
# mistake: n’annule(nt) que la dernière étape
-    return next((name for name in wanted if (name, "done") not in history), None)
+        wanted = wanted[:1]
+    return next((name for name in wanted if (name, "done") not in history), None)
