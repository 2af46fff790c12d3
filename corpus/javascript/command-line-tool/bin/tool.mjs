#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { program } from 'commander';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { Lambda, paginateListFunctions } from '@aws-sdk/client-lambda';

program
  .command('deploy <name> <zip>')
  .option('-p, --publish', 'publish a version')
  .action(async (name, zip, { publish }) => {
    const lambda = new Lambda({});
    await lambda.updateFunctionCode({ FunctionName: name, ZipFile: await readFile(zip), Publish: publish });
  });

program.command('list').action(async () => {
  for await (const { Functions } of paginateListFunctions({ client: new Lambda({}) }, {})) {
    Functions.forEach(({ FunctionName }) => console.log(FunctionName));
  }
});

program.command('tail <name>').action(async (name) => {
  const logs = new CloudWatchLogs({});
  const { events } = await logs.filterLogEvents({ logGroupName: `/aws/lambda/${name}` });
  for (const { message } of events) process.stdout.write(message);
});

await program.parseAsync(process.argv);
