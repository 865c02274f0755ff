// `pnpm test`: every check there is, cheapest first, stopping at the first that fails. The tests come
// last, so that their count is the last line.

import { runOrExit, root } from './workspace.mjs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** @param {string} script */
function runScript(script) {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', script)], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

runScript('build.mjs');
runOrExit('oxlint', ['--type-aware', '--deny-warnings']);
runOrExit('oxfmt', ['--check']);
runOrExit('knip', []);
runOrExit('vitest', ['run', ...process.argv.slice(2)]);
