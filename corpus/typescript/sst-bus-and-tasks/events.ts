import { event } from "sst/event";

export const Created = event.builder()("order.created");
