export { runBun, type BunOptions, type BunTool } from './wrapper.ts';
