import middy from '@middy/core';
import jsonBodyParser from '@middy/http-json-body-parser';

export type Handler<T> = (event: { body: T }, context: unknown) => Promise<unknown>;

const logged: <T>(handler: Handler<T>) => Handler<T> =
  (handler) =>
  async (event, context) => {
    const result = await handler(event, context);
    console.log(JSON.stringify(result));
    return result;
  };

export function wrap<T>(handler: Handler<T>) {
  return middy(logged(handler) as never)
    .use(jsonBodyParser())
    .before(async () => undefined)
    .onError(() => ({ statusCode: 500 }));
}
