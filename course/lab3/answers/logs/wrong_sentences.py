# change of: solution
# feedback: Aucune ligne JSON
-        print(json.dumps(line) + "\n", end="", flush=True)
+        print(*(f"{name}={value}" for name, value in line.items()), flush=True)
