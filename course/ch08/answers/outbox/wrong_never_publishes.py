# change of: solution
# feedback: jamais annoncée
-    relay()
+    # le relais s’en chargera
