# change of: solution
# feedback: En cours | le moins de requêtes en cours
# mistake: réparti(t|ssent) à tour de rôle
-            url = min(left, key=lambda url: (url in self.aside, self.in_flight[url]))
+            self.turn = getattr(self, "turn", -1) + 1
+            order = sorted(left)[self.turn % len(left) :] + sorted(left)[: self.turn % len(left)]
+            url = min(order, key=lambda url: url in self.aside)
