# change of: solution
# feedback: 20 appels pendant un même essai | 20 sont arrivés
-            if self.probing or self.clock() < self.opened_at + 5:
+            if self.clock() < self.opened_at + 5:
