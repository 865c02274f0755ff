// `pnpm test`: a build and the quick tests, which need Node, npm and git alone. `--rest` comes after it:
// it checks the sources and runs the other tests, on the same build. `--all` does everything, cheapest first, stopping at what fails. The
// tests come last, so that their count is the last line.

import { runOrExit } from './workspace.mjs';

/** Projects of vitest.config.ts. */
const QUICK = ['pure', 'unit', 'smoke'];
const REST = ['slow', 'differential', 'e2e'];

const [mode, ...others] = process.argv.slice(2);
const isMode = mode === '--all' || mode === '--rest';
const filters = isMode || mode === undefined ? others : [mode, ...others];
const projects = { '--all': [...QUICK, ...REST], '--rest': REST }[String(mode)] ?? QUICK;

if (mode !== '--rest') runOrExit('build.mjs', []);
if (isMode) {
  runOrExit('lint.mjs', []);
  runOrExit('oxfmt', ['--check']);
}
runOrExit('vitest', ['run', ...projects.flatMap((name) => ['--project', name]), ...filters]);
