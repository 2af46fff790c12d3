import express from "express";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({});
const app = express();

app.get("/orders/:id", async (request, response) => {
  const key = { id: { S: request.params.id } };
  response.json(await client.send(new GetItemCommand({ TableName: process.env.TABLE, Key: key })));
});

app.listen(8080);
