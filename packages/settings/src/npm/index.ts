/** What a start of npm needs: its settings alone. */
export { strangersFileRefusal } from '../strangers.ts';
export { whereOf } from '../where.ts';
export { npmProject } from './layers.ts';
export { npmFoundFiles } from './strangers.ts';
