module.exports.bucket = 'invoice-documents';
module.exports.tables = Object.freeze({ invoices: 'invoices', customers: 'invoice-customers' });
