import { Batch } from './batch.entity';

export async function handler() {
  await Batch.create({ id: 'b1', tank: 't1' }).go();
  await Batch.upsert({ id: 'b2', tank: 't1', litres: 5 }).go();
  await Batch.patch({ id: 'b1' }).set({ litres: 10 }).go();
  const { data: one } = await Batch.get({ id: 'b1' }).go();
  const { data: several } = await Batch.get([{ id: 'b1' }, { id: 'b2' }]).go();
  const { data: inTank } = await Batch.query.byTank({ tank: 't1' }).go({ pages: 'all' });
  const { data: same } = await Batch.query
    .byId({ id: 'b1' })
    .where(({ litres }, { gt }) => gt(litres, 1))
    .go();
  const unused = Batch.scan.params();
  await Batch.delete({ id: 'b2' }).go();
  return [one?.id, several.length, inTank.length, same.length, typeof unused];
}
