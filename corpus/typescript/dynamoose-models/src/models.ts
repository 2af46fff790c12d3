import * as dynamoose from 'dynamoose';

dynamoose.Table.defaults.set({ create: false, waitForActive: false, prefix: 'zoo-' });

const animalSchema = new dynamoose.Schema({
  id: { type: String, hashKey: true },
  house: { type: String, index: { name: 'by-house', type: 'global' } },
});

export const Animal = dynamoose.model('Animal', animalSchema);
export const Meal = dynamoose.model('Meal', new dynamoose.Schema({ id: String, animal: String }));

new dynamoose.Table('feeding', [Meal]);
