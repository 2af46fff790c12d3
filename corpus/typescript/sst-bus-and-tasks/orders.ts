import { bus } from "sst/aws/bus";
import { task } from "sst/aws/task";
import { Resource } from "sst";
import { Created } from "./events";

export async function created(orderID: string): Promise<void> {
  await bus.publish("orders-bus", Created, { orderID });
}

export const print = bus.subscriber(Created, async (event) => {
  await task.run(Resource.Printer, { ORDER: event.properties.orderID });
});
