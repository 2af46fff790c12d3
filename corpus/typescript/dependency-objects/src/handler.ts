import { production } from './dependencies';
import { track } from './track';

export const handler = track(production());
