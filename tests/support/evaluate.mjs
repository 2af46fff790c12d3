// Evaluates requests with @cloud-copilot/iam-simulate. Reads one JSON array of simulations from stdin and
// writes an array of the same length: `Allowed`, `ExplicitlyDenied`, `ImplicitlyDenied`, or `error: ...`.
// With `--time` it writes one object instead: the number of simulations and the seconds that they took,
// after a first round that warms up.
import { runSimulation } from '@cloud-copilot/iam-simulate';

async function answer(simulation) {
  const outcome = await runSimulation(simulation, { simulationMode: 'Strict' });
  return outcome.resultType === 'error' ? `error: ${JSON.stringify(outcome.errors)}` : outcome.overallResult;
}

let input = '';
for await (const chunk of process.stdin) input += chunk;
const simulations = JSON.parse(input);
const answers = [];
for (const simulation of simulations) answers.push(await answer(simulation));
if (process.argv.includes('--time')) {
  const start = process.hrtime.bigint();
  for (const simulation of simulations) await answer(simulation);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  process.stdout.write(JSON.stringify({ count: simulations.length, seconds }));
} else {
  process.stdout.write(JSON.stringify(answers));
}
