import { ORDERS, documents } from "@shop/database";
import { GetCommand } from "@aws-sdk/lib-dynamodb";

export const handler = async (event: { id: string }) =>
  (await documents.send(new GetCommand({ TableName: ORDERS, Key: { id: event.id } }))).Item;
