# change of: solution
# feedback: sur les 10 derniers
-    recent = calls[-10:]
+    recent = calls
