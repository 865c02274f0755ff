/** The readers of npm's settings alone, for a start of npm that loads nothing else. */
export { strangersFileRefusal } from '../strangers.ts';
export { clientContext } from '../where.ts';
export { npmProject } from './layers.ts';
export { npmFoundFiles } from './strangers.ts';
