# change of: solution
# feedback: rend
-    def __init__(self):
-        self.known = {}  # client → (version, nom) ; un nom None : supprimé
+    known = {}
