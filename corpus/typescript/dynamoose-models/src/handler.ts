import { Animal, Meal } from './models';

export async function handler(event: { id: string; house: string }) {
  const animal = new Animal({ id: event.id, house: event.house });
  await animal.save();
  await Animal.update({ id: event.id }, { house: event.house });
  const neighbours = await Animal.query('house').eq(event.house).using('by-house').exec();
  await Meal.batchPut([{ id: 'm1', animal: event.id }]);
  const meals = await Meal.scan().limit(10).exec();
  const again = await Animal.get(event.id);
  return { neighbours: neighbours.length, meals: meals.length, again: again?.id };
}
