# change of: solution
# feedback: Le client attend 0,5 s | 4 essais
# mistake: continue(nt) après le départ du client
-    end = time.monotonic() + seconds
+    end = time.monotonic() + 60
