stage = "first"
names = { table = "first" }
