import { enqueue, objects, useNotes } from './clients';

export function Page({ id, region }: { id: string; region: string }) {
  const notes = useNotes(region);
  const load = async () => {
    await notes.getItem({ TableName: 'memo-notes', Key: { id: { S: id } } });
    await objects().getObject({ Bucket: 'memo-files', Key: 'index.txt' });
    await enqueue(id);
  };
  return <button onClick={load}>Load</button>;
}
