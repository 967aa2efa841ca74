# change of: solution
# feedback: meurt avant de noter la réponse | le temps est écoulé | de côté
# mistake: n’annule(nt) que ce qui a répondu
-            if (name, "started") in history and (name, "refused") not in history
+            if (name, "done") in history
