'use strict';

const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');

const sqs = new SQSClient({});

/** What of an event is built; most of them are not. */
function parse(event) {
  if (event.deleted) return { ignore: `branch ${event.ref} was deleted` };
  if (!event.ref) return { ignore: `no branch in ${event.id}` };
  if (event.draft) return { ignore: `draft ${event.number}` };
  if (event.state === 'closed') return { ignore: `pull request ${event.number} is closed` };
  if (event.fork) return { ignore: `fork ${event.fork}` };
  return { branch: event.ref };
}

exports.handler = async (event) => {
  const build = parse(event);
  if (build.ignore) {
    return { statusCode: 200, body: build.ignore };
  }
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/builds',
      MessageBody: JSON.stringify(build),
    }),
  );
  const { ignore } = build;
  return ignore ? undefined : { statusCode: 202 };
};
