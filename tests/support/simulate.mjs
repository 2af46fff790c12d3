// Evaluates policies with @cloud-copilot/iam-simulate. Reads one JSON array of
// `{"policy": ..., "requests": [{"action", "resource", "context"}]}` from stdin and writes an array of
// the same length: `{"denied": [what the policy does not allow], "needless": [actions of the policy
// whose removal denies no request]}`.
import { runSimulation } from '@cloud-copilot/iam-simulate';

const account = '123456789012';

// What trusts the caller besides its own policy: IAM evaluates key and trust policies in every case.
const delegation = (action) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: action,
      ...(action.startsWith('kms:') ? { Resource: '*' } : {}),
    },
  ],
});

async function denial(policy, { action, resource, context }) {
  const trusting = action.startsWith('kms:') || action.startsWith('sts:AssumeRole');
  const outcome = await runSimulation(
    {
      identityPolicies: policy.Statement.length ? [{ name: 'inferred', policy }] : [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: trusting ? delegation(action) : undefined,
      request: {
        action,
        principal: `arn:aws:iam::${account}:role/application`,
        resource: { resource, accountId: account },
        contextVariables: context,
      },
    },
    {},
  );
  if (outcome.resultType === 'error') {
    return `${action} on ${resource}: ${JSON.stringify(outcome.errors)}`;
  }
  return outcome.overallResult === 'Allowed' ? null : `${action} on ${resource}: ${outcome.overallResult}`;
}

async function denials(policy, requests) {
  const found = [];
  for (const request of requests) {
    const reason = await denial(policy, request);
    if (reason) found.push(reason);
  }
  return found;
}

const list = (value) => (Array.isArray(value) ? value : [value]);

function without(policy, action) {
  const statements = policy.Statement.map((statement) => ({
    ...statement,
    Action: list(statement.Action).filter((other) => other !== action),
  }));
  return { ...policy, Statement: statements.filter((statement) => statement.Action.length > 0) };
}

async function needless(policy, requests) {
  const actions = new Set(policy.Statement.flatMap((statement) => list(statement.Action)));
  const found = [];
  for (const action of actions) {
    if ((await denials(without(policy, action), requests)).length === 0) found.push(action);
  }
  return found;
}

let input = '';
for await (const chunk of process.stdin) input += chunk;
const results = [];
for (const { policy, requests } of JSON.parse(input)) {
  results.push({
    denied: await denials(policy, requests),
    needless: await needless(policy, requests),
  });
}
process.stdout.write(JSON.stringify(results));
