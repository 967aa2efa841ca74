# change of: right_python_dict_with_swagger_files
# feedback: jsdelivr | resterait blanche
# mistake: charge(nt) la page depuis un autre site
     return send_from_directory(UI, fichier)
 
 
+@app.get("/openapi/theme.css")
+def theme():
+    style = """@import "//cdn.jsdelivr.net/npm/swagger-ui-themes@3.0.1/themes/3.x/theme-material.css";
+body { margin: 0; }"""
+    return style, {"Content-Type": "text/css"}
+
+

   <link rel="stylesheet" href="ui/css/swagger-ui.css">
+  <link rel="stylesheet" href="theme.css">
