// Validates JSON documents: the first argument is a schema (`sarif` is the published one of SARIF 2.1.0), the others
// are documents. Prints one line for each mistake and ends with 1 when there is one.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import draft04 from 'ajv/lib/refs/json-schema-draft-04.json' with { type: 'json' };

const [wanted, ...documents] = process.argv.slice(2);
const published = 'node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json';
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const schema = read(wanted === 'sarif' ? new URL(published, import.meta.url) : wanted);
const ajv = new Ajv({ schemaId: 'auto', allErrors: true, unknownFormats: 'ignore' });
ajv.addMetaSchema(draft04);
const validate = ajv.compile(schema);

let mistakes = 0;
for (const path of documents) {
  if (!validate(read(path))) {
    for (const { dataPath, message, params } of validate.errors) {
      console.log(`${path}: ${dataPath} ${message} ${JSON.stringify(params)}`);
      mistakes += 1;
    }
  }
}
process.exitCode = mistakes ? 1 : 0;
