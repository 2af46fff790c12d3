// Runs one JavaScript or TypeScript sample application as its `[run]` table says, in the current
// directory. Takes the table as JSON in the environment variable PERM_INFER_RUN. Ends with an error
// if a call fails that should not, or the other way round.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const load = (file) => import(pathToFileURL(resolve(file)).href);

// CommonJS exports, and what a transpiler makes of a default export, may sit below `default`.
function exported(module, name) {
  for (let scope = module; scope; scope = scope.default) {
    if (scope[name] !== undefined) return scope[name].bind(scope);
    if (scope.default === scope) break;
  }
  throw new Error(`no export ${name}`);
}

const run = JSON.parse(process.env.PERM_INFER_RUN);
if (run.script) await load(run.script);
for (const step of run.call ?? []) {
  const [file, name] = step.function.split(':');
  const call = exported(await load(file), name);
  const args = JSON.parse(step.args ?? '[]');
  let failure;
  try {
    await call(...args);
  } catch (error) {
    failure = error;
  }
  if (failure && !step.raises) throw failure;
  if (failure) console.error(failure);
  if (!failure && step.raises) throw new Error(`${step.function} should have failed`);
}
