# change of: solution
# feedback: un nom d’Alice
-    def __init__(self, ask):
-        self.ask, self.copy = ask, {}
+    copy = {}
+
+    def __init__(self, ask):
+        self.ask = ask
