// `pnpm test`: the checks of the sources and the quick tests, cheapest first, stopping at the first that fails. It needs Node, npm and
// git alone. `--rest` runs the other tests, and `--all` everything. The tests come last, so that their count is the last line.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { runOrExit, root } from './workspace.mjs';

/** Projects of vitest.config.ts. */
const QUICK = ['pure', 'unit', 'smoke'];
const REST = ['slow', 'differential', 'e2e'];

const [mode, ...others] = process.argv.slice(2);
const isMode = mode === '--all' || mode === '--rest';
const filters = isMode || mode === undefined ? others : [mode, ...others];
const projects = { '--all': [...QUICK, ...REST], '--rest': REST }[String(mode)] ?? QUICK;

const build = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
if (build.status !== 0) process.exit(build.status ?? 1);
if (mode !== '--rest') {
  runOrExit('oxlint', ['--type-aware', '--deny-warnings']);
  runOrExit('oxfmt', ['--check']);
  runOrExit('knip', []);
}
runOrExit('vitest', ['run', ...projects.flatMap((name) => ['--project', name]), ...filters]);
