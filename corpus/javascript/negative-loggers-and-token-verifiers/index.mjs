import { getSignedCookies } from '@aws-sdk/cloudfront-signer';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import log from 'lambda-log';

const logger = new Logger({ serviceName: 'library' });
const metrics = new Metrics({ namespace: 'library' });
const verifier = CognitoJwtVerifier.create({
  userPoolId: 'eu-west-1_Ab12Cd34E',
  tokenUse: 'access',
  clientId: '3n4b5urk1ft4fl3mg5e62d9ado',
});

export const handler = async (event) => {
  log.info('request', { path: event.path });
  const claims = await verifier.verify(event.headers.authorization);
  logger.appendKeys({ reader: claims.sub });
  metrics.addMetric('reads', 'Count', 1);
  metrics.publishStoredMetrics();
  return getSignedCookies({
    url: 'https://library.example/books/*',
    keyPairId: process.env.KEY_PAIR_ID,
    privateKey: process.env.PRIVATE_KEY,
    dateLessThan: '2030-01-01',
  });
};
