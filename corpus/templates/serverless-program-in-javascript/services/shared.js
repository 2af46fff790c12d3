exports.provider = { name: "aws", runtime: "nodejs22.x" };
exports.table = (name) => `company-${name}`;
