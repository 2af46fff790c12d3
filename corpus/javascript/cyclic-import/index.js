import { lock } from './accounts.js';

export const handler = async (event) => {
  for (const account of event.accounts) {
    await lock(account);
  }
};
