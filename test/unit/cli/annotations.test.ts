/** The lines of lockfiles at which a refused package is shown. */
import { beforeEach, expect, it, vi, type MockInstance } from 'vitest';
import { keepForAnnotations } from '@tarwarden/guard/annotations';
import { join } from 'node:path';
import {
  annotateRun,
  type EndedClient,
} from '../../../packages/cli/src/pass-through/annotations.ts';
import { Tally } from '../../../packages/guard/src/report/tally.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { putFile } from '../../support/put-file.ts';

let folder: string;
let printed: MockInstance<typeof process.stderr.write>;
freshFolder((fresh) => {
  folder = fresh;
});
beforeEach(() => {
  printed = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  printed.mockClear();
});

const npmLock = (...packages: readonly (readonly [path: string, version: string])[]): string =>
  [
    '{"lockfileVersion": 3, "packages": {"": {}',
    ...packages.map(([path, version]) => `,"node_modules/${path}": {"version": "${version}"}`),
    '}}',
  ].join('\n');
const ZERO = `--hash=sha256:${'0'.repeat(64)}`;

interface Case {
  readonly client: EndedClient['client'];
  readonly args?: readonly string[];
  /** Below the project. */
  readonly cwd?: string;
  readonly refused: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Where a package is annotated: `file:line`, or nothing. */
async function locate({ client, args = [], cwd = '.', refused, files }: Case): Promise<string> {
  putFile(join(folder, '.git/HEAD'), '');
  putFile(join(folder, cwd, 'keep'), '');
  for (const [path, text] of Object.entries(files)) putFile(join(folder, path), text);
  const tally = new Tally();
  const item = { package: refused, status: 'reject', refused: true, remembered: false } as const;
  tally.add({ ...item, mode: 'refuse', why: 'symlink' });
  keepForAnnotations(tally);
  const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: folder };
  await annotateRun({ client, args, cwd: join(folder, cwd), env });
  const [, at = ''] = /^::error (?:file=([^:]*),)?title=/.exec(String(printed.mock.calls[0])) ?? [];
  expect(printed).toHaveBeenCalledTimes(1);
  return at.replace(',line=', ':');
}

const two = npmLock(['a', '1.0.0'], ['a/node_modules/twice', '1.0.0'], ['twice', '2.0.0']);

it.each(
  Object.entries<readonly [string, Case]>({
    'the version that was refused': [
      'package-lock.json:4',
      { client: 'npm', refused: 'twice@2.0.0', files: { 'package-lock.json': two } },
    ],
    'the name, if the lockfile has no such version': [
      'package-lock.json:3',
      { client: 'npm', refused: 'twice@github:a/b', files: { 'package-lock.json': two } },
    ],
    'a name with a scope': [
      'package-lock.json:2',
      {
        client: 'npx',
        refused: '@s/scoped@1.0.0',
        files: { 'package-lock.json': npmLock(['@s/scoped', '1.0.0']) },
      },
    ],
    'the lockfile of a folder above': [
      'package-lock.json:2',
      {
        client: 'npm',
        cwd: 'packages/inner',
        refused: 'above@1.0.0',
        files: { 'package-lock.json': npmLock(['above', '1.0.0']) },
      },
    ],
    'the lockfile of the folder that an option names': [
      'app/package-lock.json:2',
      {
        client: 'npm',
        args: ['ci', '--prefix=app'],
        refused: 'prefixed@1.0.0',
        files: {
          'app/package-lock.json': npmLock(['prefixed', '1.0.0']),
          'package-lock.json': npmLock(['prefixed', '1.0.0']),
        },
      },
    ],
    'not the lockfile of another client': [
      '',
      {
        client: 'pnpm',
        refused: 'elsewhere@1.0.0',
        files: { 'package-lock.json': npmLock(['elsewhere', '1.0.0']) },
      },
    ],
    'a project of Python by any spelling of its name': [
      'requirements.txt:2',
      {
        client: 'pip',
        refused: 'some.project@1.0',
        files: { 'requirements.txt': `other==1.0 ${ZERO}\nSome_Project==1.0 ${ZERO}\n` },
      },
    ],
    'a requirements file without hashes, if an argument names it': [
      'deps/requirements-dev.txt:1',
      {
        client: 'python3',
        args: ['-m', 'pip', 'install', '-r', 'deps/requirements-dev.txt'],
        refused: 'unhashed-1.0-cp312-cp312-linux_x86_64.whl',
        files: { 'deps/requirements-dev.txt': 'unhashed==1.0\n' },
      },
    ],
    'a gem for a platform': [
      'Gemfile.lock:4',
      {
        client: 'bundle',
        refused: 'native-gem-1.2.3-x86_64-linux.gem',
        files: {
          'Gemfile.lock': 'GEM\n  remote: https://a.example/\n  specs:\n    native-gem (1.2.3)\n',
        },
      },
    ],
    'a lockfile of Yarn 1': [
      'yarn.lock:3',
      {
        client: 'yarn',
        refused: 'classic@1.0.0',
        files: { 'yarn.lock': '# yarn lockfile v1\n\nclassic@^1.0.0:\n  version "1.0.0"\n' },
      },
    ],
    'a lockfile of bun': [
      'bun.lock:4',
      {
        client: 'bun',
        refused: 'bunned@1.0.0',
        files: {
          'bun.lock':
            '{ "lockfileVersion": 1, "workspaces": {"": {"dependencies": {"bunned": "1.0.0"}}},\n\n "packages": {\n"bunned": ["bunned@1.0.0", "", {}, ""] } }',
        },
      },
    ],
    'nothing, if the lockfile cannot be read': [
      '',
      { client: 'npm', refused: 'broken@1.0.0', files: { 'package-lock.json': '{' } },
    ],
    'nothing, if there is no lockfile': ['', { client: 'npm', refused: 'none@1.0.0', files: {} }],
  }),
)('%s', async (_, [found, given]) => {
  expect(await locate(given)).toBe(found);
});

it('a package is annotated once', async () => {
  const given: Case = { client: 'npm', refused: 'again@1.0.0', files: {} };
  await locate(given);
  await annotateRun({ ...given, args: [], cwd: folder, env: { GITHUB_ACTIONS: 'true' } });
  expect(printed).toHaveBeenCalledTimes(1);
});
