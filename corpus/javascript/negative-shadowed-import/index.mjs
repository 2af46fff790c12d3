import { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda';

const lambda = new LambdaClient({});

/** `lambda` is the parameter here, not the client of the module. */
const apply = (lambda, values) => values.map((value) => lambda.invoke(value));

function enqueue(jobs) {
  // A local class hides the imported command.
  class InvokeCommand {
    constructor({ FunctionName }) {
      this.name = FunctionName;
    }
  }
  const lambda = { send: (command) => jobs.push(command.name) };
  lambda.send(new InvokeCommand({ FunctionName: 'never-invoked' }));
  return jobs;
}

export const handler = async () => {
  const doubled = apply({ invoke: (value) => value * 2 }, [1, 2, 3]);
  const jobs = enqueue([]);
  const { StatusCode } = await lambda.send(
    new InvokeCommand({ FunctionName: 'price-calculator', Payload: JSON.stringify(doubled) }),
  );
  return { jobs, StatusCode };
};
