# change of: solution
# feedback: refusé
# mistake: (lit|lisent) une autre horloge que celle qui est donnée
-        self.clock = clock
+        self.clock = time.monotonic
