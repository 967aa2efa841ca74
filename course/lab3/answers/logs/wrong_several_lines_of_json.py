# change of: solution
# feedback: Aucune ligne JSON
-        print(json.dumps(line) + "\n", end="", flush=True)
+        print(json.dumps(line, indent=2), flush=True)
