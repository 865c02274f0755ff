/*
 * Whether the public registry has what is built here. Pages say how to install from packed files until it has; the day it has, this
 * constant and docs/install.md change together, and test/unit/publication.test.ts holds every page to them.
 */

/** Nobody has published these names yet, so that anybody can take them: no page may tell people to install them. */
export const published: boolean = false;

/** What is or will be ours on the registry, `@tarwarden/` standing for the whole scope. */
export const names: readonly string[] = ['tarwarden', '@tarwarden/', 'pnpm-plugin-tarwarden'];
