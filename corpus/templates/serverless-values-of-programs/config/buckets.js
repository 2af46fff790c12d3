module.exports = () => ({ reports: "shop-reports-${sls:stage}" });
