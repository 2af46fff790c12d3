const prefix = "shop";

module.exports = {
  tables: { orders: `${prefix}-orders` },
};
