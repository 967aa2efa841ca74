# change of: solution
# feedback: Orders tué, relancé | en effacerait une ancienne
-import uuid
+from itertools import count

-app = Flask(__name__)
+app = Flask(__name__)
+numbers = count(1)

-    sql("INSERT INTO orders (id, body) VALUES (?, ?)", order["id"], json.dumps(order))
+    sql("INSERT OR REPLACE INTO orders (id, body) VALUES (?, ?)", order["id"], json.dumps(order))

-    order = {"id": str(uuid.uuid4()), **asked()}
+    order = {"id": str(next(numbers)), **asked()}
