/** What a start of npm needs: its settings alone. */
export { whereOf } from '../where.ts';
export { strangersNpmFile } from './strangers.ts';
