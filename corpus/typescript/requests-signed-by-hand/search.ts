import { Sha256 } from '@aws-crypto/sha256-js';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { Client } from '@opensearch-project/opensearch';
import { AwsSigv4Signer } from '@opensearch-project/opensearch/aws';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import * as aws4 from 'aws4';

const client = new Client({
  ...AwsSigv4Signer({ region: 'eu-west-1', getCredentials: () => defaultProvider()() }),
  node: process.env.OPENSEARCH_ENDPOINT,
});
const signer = new SignatureV4({
  credentials: defaultProvider(),
  region: 'eu-west-1',
  service: 'appsync',
  sha256: Sha256,
});

export const search = async (words: string) =>
  client.search({ index: 'recipes', body: { query: { match: { title: words } } } });

export const publish = async (request: HttpRequest) => fetch((await signer.sign(request)) as any);

export const legacy = (path: string) => fetch(aws4.sign({ service: 'execute-api', host: 'api.example', path }));
