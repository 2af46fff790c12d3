BUCKET = "shop-files"
