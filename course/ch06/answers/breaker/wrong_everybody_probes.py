# change of: solution
# feedback: 20 appels pendant un même essai | 20 sont arrivés
# mistake: laisse(nt) passer tout le monde pendant l’essai
-            if self.probing or self.clock() < self.opened_at + 5:
+            if self.clock() < self.opened_at + 5:
