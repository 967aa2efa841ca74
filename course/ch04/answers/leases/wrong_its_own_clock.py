# change of: solution
# feedback: rend [A] | une liste vide
# mistake: (lit|lisent) une autre horloge que celle qui est donnée
-        self.clock = clock
+        self.clock = time.monotonic
