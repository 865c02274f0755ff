/** What a release would publish, made of the built checkout. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute } from './execute.ts';
import { envFor, repository } from './managers.ts';
import { makeSandbox } from './sandbox.ts';

/** Makes it in a new temporary folder, whose path this is. */
export async function makeRelease(checkout: string = repository): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tarwarden-released-'));
  const sandbox = makeSandbox();
  const made = await execute(
    process.execPath,
    [join(checkout, 'scripts/release.mjs'), '--dry-run', folder],
    { cwd: sandbox.project, env: envFor('pnpm-12', { sandbox }), timeout: 240_000 },
  );
  sandbox.dispose();
  if (made.code !== 0) throw new Error(`${made.stdout}${made.stderr}`);
  return folder;
}
