import { SSM } from '@aws-sdk/client-ssm';

export default new SSM({});
