# change of: right_abort
# feedback: catalogue vide | à chaque fois
 }
 
+articles = (dict(article) for article in catalogue.values())
+

-    return {"products": list(catalogue.values())}
+    return {"products": list(articles)}
