print("importing " * 20)
