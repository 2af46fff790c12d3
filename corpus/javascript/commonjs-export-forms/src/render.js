module.exports = function render(invoice) {
  return `Invoice ${invoice.id.S} over ${invoice.total.N} EUR`;
};
