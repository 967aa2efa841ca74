# change of: solution
# feedback: Six commandes à la fois
-from flask import Flask, abort, g, request
+from flask import Flask, abort, request

-app = Flask(__name__)
+app = Flask(__name__)
+
+
+class g:
+    """L’identifiant de la requête, pour tout le fichier."""
+
+    request_id = ""
