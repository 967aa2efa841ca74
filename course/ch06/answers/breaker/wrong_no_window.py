# change of: solution
# feedback: suivant a été refusé | circuit fermé
# mistake: compte(nt) les échecs depuis toujours, et non sur les dix derniers
-        self.failures = deque(maxlen=10)  # des dix derniers appels
+        self.failures = deque()
