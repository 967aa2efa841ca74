# change of: solution
# feedback: sur les 10 derniers
# mistake: regarde(nt) les dix premiers appels
-    recent = calls[-10:]
+    recent = calls[:10]
