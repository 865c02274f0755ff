/** Starts bun guarded. */
export { runBun, type BunOptions, type BunTool } from './wrapper.ts';
