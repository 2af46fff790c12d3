export { handler } from "./orders";
