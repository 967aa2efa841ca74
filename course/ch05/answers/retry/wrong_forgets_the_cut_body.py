# change of: solution
# feedback: ChunkedEncodingError
# mistake: oublie(nt) la réponse coupée en route
-        except requests.RequestException:
+        except (requests.ConnectionError, requests.Timeout):
