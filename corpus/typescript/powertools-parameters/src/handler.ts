import { DynamoDBProvider } from '@aws-lambda-powertools/parameters/dynamodb';
import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
import { getParameter, getParametersByName, SSMProvider } from '@aws-lambda-powertools/parameters/ssm';
import { SSMClient } from '@aws-sdk/client-ssm';

const provider = new SSMProvider({ awsSdkV3Client: new SSMClient({}) });
const recipes = new DynamoDBProvider({ tableName: 'bakery-recipes' });

export const handler = async () => {
  const opening = await getParameter('/bakery/opening', { maxAge: 60 });
  const prices = await provider.getMultiple('/bakery/prices', { recursive: true });
  const stock = await getParametersByName({ '/bakery/flour': {}, '/bakery/yeast': { maxAge: 1 } });
  const till = await getSecret('bakery/till');
  const recipe = await recipes.get('rye');
  return { opening, prices, stock, till: typeof till, recipe };
};
