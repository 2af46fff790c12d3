import { util } from "@aws-appsync/utils";
import { scan } from "@aws-appsync/utils/dynamodb";

export function request(ctx) {
  if (ctx.args.all) {
    return scan({ limit: 10, index: "by-day" });
  }
  if (ctx.args.touch) {
    const update = { expression: "SET seen = :now", expressionValues: util.dynamodb.toMapValues({ ":now": 1 }) };
    return { operation: "UpdateItem", key: util.dynamodb.toMapValues({ id: ctx.args.id }), update };
  }
  return { operation: "BatchGetItem", tables: { archive: { keys: [] }, orders: { keys: [] } } };
}

export function response(ctx) {
  return ctx.result;
}
