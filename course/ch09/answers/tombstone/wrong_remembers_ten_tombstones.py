# change of: right_two_sets_bis
# feedback: « annuler 100 commandes, réserver » | 410 | commande annulée
-from flask import Flask
+from collections import deque
+
+from flask import Flask

-aside, cancelled = set(), set()
+aside, cancelled = set(), deque(maxlen=10)

-    cancelled.add(order)
+    if order not in cancelled:
+        cancelled.append(order)
