/** Whoever packs the same commit gets the same bytes, wherever the clone is and whatever the umask. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkoutStore, copyCheckout } from '../support/copy-checkout.ts';
import { execute, type Result } from '../support/execute.ts';
import { envFor } from '../support/managers.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

let root: string;
let sandbox: Sandbox;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'tarwarden-twice-'));
  sandbox = makeSandbox();
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
  sandbox.dispose();
});

function environment(): NodeJS.ProcessEnv {
  const { PATH } = envFor('pnpm-12', { sandbox });
  return { ...process.env, PATH: `${PATH}:${process.env['PATH']}` };
}

async function must(program: string, args: readonly string[], cwd: string): Promise<Result> {
  const result = await execute(program, args, { cwd, env: environment(), timeout: 400_000 });
  expect([`${result.stdout}${result.stderr}`, result.code]).toEqual([expect.anything(), 0]);
  return result;
}

async function release(folder: string, umask: string): Promise<string> {
  const store = await checkoutStore(environment());
  // The pnpm of the tests has not looked up the age of these packages, and cannot do so offline.
  const install = `pnpm install --offline --frozen-lockfile --ignore-scripts --config.minimumReleaseAge=0 --store-dir='${store}'`;
  const make = 'node scripts/build.mjs --clean && node scripts/release.mjs --dry-run';
  const script = `umask ${umask}; ${install} && (cd scripts && ${install}) && ${make}`;
  await must('sh', ['-ec', script], folder);
  return readFileSync(join(folder, 'release/SHA512SUMS'), 'utf8');
}

it.skipIf(process.platform === 'win32')(
  'two clones at two paths give the same bytes',
  async () => {
    const folders = [join(root, 'a'), join(root, 'a much longer path/with a space/b')] as const;
    copyCheckout(folders[0]);
    cpSync(folders[0], folders[1], { recursive: true });
    const first = await release(folders[0], '022');
    const second = await release(folders[1], '077');
    expect(first).toMatch(/ {2}tarwarden-\d[\d.]*\.tgz$/m);
    expect(second).toBe(first);
  },
  900_000,
);
