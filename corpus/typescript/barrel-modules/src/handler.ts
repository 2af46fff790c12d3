import { dropDraft, notify, readContract, type Contract } from './aws';

export async function handler(contract: Contract): Promise<void> {
  const text = await readContract(contract.name);
  if (!contract.parties.every((party) => text.includes(party))) {
    throw new Error(`contract ${contract.name} is not signed by everybody`);
  }
  await dropDraft(contract.name);
  await notify(`${contract.name} is signed`);
}
