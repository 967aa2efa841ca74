# change of: solution
# feedback: après six dixièmes de seconde
# mistake: renonce(nt) trop tôt
-        response = requests.get(url, timeout=1)
+        response = requests.get(url, timeout=0.3)
