print("wt")
