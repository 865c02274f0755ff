/**
 * What gets into an npm and what it knows there: built as a file of its own, `guard.cjs`. Programs that only inherit the
 * preload never load it.
 */
export { compiledCodeVariables, guardChildren } from '@tarwarden/guarded-run';
export { Hooks } from './hooks.ts';
export { NpmGuard } from './npm-guard.ts';
