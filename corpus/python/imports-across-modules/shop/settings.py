PREFIX = "shop-"
ORDERS = PREFIX + "orders"
STOCK = PREFIX + "stock"
