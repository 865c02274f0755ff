/** Built as `guard.cjs`, which the preload loads into an npm. Programs that only inherit the preload never load it. */
export { guardChildren } from '@tarwarden/guard/run';
export { NpmHooks } from './hooks.ts';
export { NpmGuard } from './npm-guard.ts';
