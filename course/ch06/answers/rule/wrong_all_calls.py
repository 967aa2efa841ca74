# change of: solution
# feedback: sur les 10 derniers
# mistake: regarde(nt) tous les appels, et non les dix derniers
-    recent = calls[-10:]
+    recent = calls
