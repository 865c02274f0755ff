/** Runs the real pnpm with the hook forced. The hook itself is the built file `index.cjs` of the plugin. */
export { versionOf, withoutCompiledCode } from './version.ts';
export { runPnpm, type PnpmTool } from './wrapper.ts';
