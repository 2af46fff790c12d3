import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument, paginateQuery } from '@aws-sdk/lib-dynamodb';

const documents = DynamoDBDocument.from(new DynamoDB({}));

const RECIPES = 'cookbook-recipes';
const RATINGS = 'cookbook-ratings';

type Rating = { recipe: string; user: string; stars: number };

async function* ratingsOf(recipe: string): AsyncGenerator<Rating> {
  const pages = paginateQuery(
    { client: documents },
    {
      TableName: RATINGS,
      KeyConditionExpression: 'recipe = :recipe',
      ExpressionAttributeValues: { ':recipe': recipe },
    },
  );
  for await (const page of pages) {
    yield* (page.Items ?? []) as Rating[];
  }
}

export const handler = async ({ recipe, user, stars }: Rating) => {
  await documents.put({ TableName: RATINGS, Item: { recipe, user, stars } });
  let sum = 0;
  let count = 0;
  for await (const rating of ratingsOf(recipe)) {
    sum += rating.stars;
    count += 1;
  }
  await documents.update({
    TableName: RECIPES,
    Key: { id: recipe },
    UpdateExpression: 'SET average = :average',
    ExpressionAttributeValues: { ':average': sum / count },
  });
  const { Responses } = await documents.batchGet({
    RequestItems: { [RECIPES]: { Keys: [{ id: recipe }] } },
  });
  return Responses?.[RECIPES]?.[0];
};
