# change of: solution
# feedback: suivant a été refusé | circuit fermé
-        self.failures = deque(maxlen=10)  # des dix derniers appels
+        self.failures = deque()
