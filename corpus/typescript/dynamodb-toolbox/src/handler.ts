import {
  DeleteTransaction,
  executeTransactWrite,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from 'dynamodb-toolbox';
import { Bike, bikes } from './model';

export async function handler() {
  await Bike.build(PutItemCommand).item({ pk: 'b', station: 's' }).send();
  await Bike.build(UpdateItemCommand).item({ pk: 'b', station: 't' }).options({ returnValues: 'ALL_NEW' }).send();
  const { Item } = await Bike.build(GetItemCommand).key({ pk: 'b' }).options({ consistent: true }).send();
  const { Items = [] } = await bikes
    .build(QueryCommand)
    .query({ index: 'by-station', partition: 't' })
    .entities(Bike)
    .send();
  await executeTransactWrite(Bike.build(DeleteTransaction).key({ pk: 'b' }));
  return [Item?.station, Items.length];
}
