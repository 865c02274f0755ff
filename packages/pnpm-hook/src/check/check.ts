/* `node dist/check.cjs [FOLDER]`: exit 0 when the project is guarded, 1 when it is not, 2 for wrong usage. */
import { resolve } from 'node:path';
import { printable } from '@tarwarden/core/text';
import { checkProject, pnpmRoot } from './self-check.ts';

const [folder = '.', ...more] = process.argv.slice(2);
if (more.length > 0 || folder.startsWith('-')) {
  process.stderr.write('usage: node check.cjs [FOLDER]\n');
  process.exitCode = 2;
} else {
  const given = resolve(folder);
  const problems = checkProject(pnpmRoot(given), process.env, given);
  for (const { code, file, message } of problems)
    process.stdout.write(`${printable(file)}: ${printable(message)} (${code})\n`);
  process.stdout.write(problems.length === 0 ? 'pnpm is guarded here\n' : '');
  process.exitCode = problems.length === 0 ? 0 : 1;
}
