# change of: right_absolute_end
# feedback: a dormi 0,7 s | aucun essai une fois
# mistake: ne (relit|relisent) pas l’heure après l’attente
-            sleep(pause)
-            if time.time() >= end:
-                return None
+            sleep(pause)
