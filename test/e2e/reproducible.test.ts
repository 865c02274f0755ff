/** Whoever packs the same commit gets the same bytes, wherever the clone is and whatever the umask. */
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { execute, type Result } from '../support/execute.ts';
import { envFor, repository } from '../support/managers.ts';
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

async function must(program: string, args: readonly string[], cwd: string): Promise<Result> {
  // Packages come from the store of whoever runs this, from which the checkout was installed.
  const { PATH } = envFor('pnpm-12', { sandbox });
  const env = { ...process.env, PATH: `${PATH}:${process.env['PATH']}` };
  const result = await execute(program, args, { cwd, env, timeout: 400_000 });
  expect([`${result.stdout}${result.stderr}`, result.code]).toEqual([expect.anything(), 0]);
  return result;
}

/** The files of a commit made of this checkout, what is not committed yet among them. */
async function copyCheckout(folder: string): Promise<void> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await must('git', args, repository);
  for (const path of stdout.split('\0').filter((one) => one !== '')) {
    const from = join(repository, path);
    if (statSync(from, { throwIfNoEntry: false })?.isFile() !== true) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(from, join(folder, path));
  }
}

async function release(folder: string, umask: string): Promise<string> {
  const install = 'pnpm install --offline --frozen-lockfile --ignore-scripts';
  const make = 'node scripts/build.mjs --clean && node scripts/release.mjs --dry-run';
  await must('sh', ['-ec', `umask ${umask}; ${install} && ${make}`], folder);
  return readFileSync(join(folder, 'release/SHA512SUMS'), 'utf8');
}

it.skipIf(process.platform === 'win32')(
  'two clones at two paths give the same bytes',
  async () => {
    const folders = [join(root, 'a'), join(root, 'a much longer path/with a space/b')] as const;
    await copyCheckout(folders[0]);
    cpSync(folders[0], folders[1], { recursive: true });
    const first = await release(folders[0], '022');
    const second = await release(folders[1], '077');
    expect(first).toMatch(/ {2}tarwarden-\d[\d.]*\.tgz$/m);
    expect(second).toBe(first);
  },
  900_000,
);
