import { remove } from "./parameters";
import { publish } from "./queue";

export async function growHandler(event: { Records: { body: string }[] }): Promise<void> {
  for (const record of event.Records) await publish(record.body);
}

export const shrinkHandler = async (event: { runner: string }): Promise<void> => remove(event.runner);
