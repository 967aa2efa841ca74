# change of: solution
# feedback: La porte a rendu 502 | au moindre accroc
-        except requests.RequestException:
+        except requests.ConnectionError:
