client = None
bucket = ""
