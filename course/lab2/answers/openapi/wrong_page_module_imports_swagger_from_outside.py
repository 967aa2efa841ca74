# change of: right_python_dict_with_swagger_files
# feedback: esm.sh | resterait blanche
# mistake: charge(nt) la page depuis un autre site
-from pathlib import Path
-
-import flask_openapi3_swagger

-from flask import Flask, abort, jsonify, make_response, request, send_from_directory
+from flask import Flask, abort, jsonify, make_response, request

-UI = Path(flask_openapi3_swagger.__file__).parent / "templates" / "swagger"
-
-
-@app.get("/openapi/ui/<path:fichier>")
-def ui(fichier):
-    return send_from_directory(UI, fichier)
-
-

-<head>
-  <meta charset="utf-8">
-  <title>Products</title>
-  <link rel="stylesheet" href="ui/css/swagger-ui.css">
-</head>
+<head><meta charset="utf-8"><title>Products</title></head>

-  <script src="ui/js/swagger-ui-bundle.js"></script>
-  <script>SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger-ui"});</script>
+  <script type="module">
+    import SwaggerUI from "https://esm.sh/swagger-ui-dist@5/swagger-ui-es-bundle.js";
+    SwaggerUI({url: "openapi.json", dom_id: "#swagger-ui"});
+  </script>
