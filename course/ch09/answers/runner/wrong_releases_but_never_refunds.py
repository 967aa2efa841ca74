# change of: solution
# feedback: débit(s) non rendu(s) | paierait pour rien
-    for command, undo in (("charge", "refund"), ("reserve", "release")):
+    for command, undo in (("reserve", "release"),):
