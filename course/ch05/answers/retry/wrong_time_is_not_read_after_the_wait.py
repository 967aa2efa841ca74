# change of: right_absolute_end
# feedback: a dormi 0,7 s | aucun essai une fois
-            sleep(pause)
-            if time.time() >= end:
-                return None
+            sleep(pause)
