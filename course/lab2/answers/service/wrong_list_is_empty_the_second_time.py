# change of: right_abort
# feedback: catalogue vide | à chaque fois
# mistake: (rend|rendent) une liste vide la seconde fois
 }
 
+articles = (dict(article) for article in catalogue.values())
+

-    return {"products": list(catalogue.values())}
+    return {"products": list(articles)}
