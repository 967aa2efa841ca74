# change of: solution
# feedback: Une seconde copie
-    def __init__(self):
-        self.known = {}  # client → (version, nom) ; un nom None : supprimé
+    known = {}
