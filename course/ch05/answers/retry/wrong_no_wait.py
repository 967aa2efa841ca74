# change of: solution
# feedback: 0,00 s | rappelé aussitôt
# mistake: n’attend(ent) pas entre deux essais
-            sleep(max(0, min(wait, end - time.monotonic())))
+            wait = 0
