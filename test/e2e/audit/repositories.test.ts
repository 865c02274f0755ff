/** Packages of git repositories: the commit that the lockfile names is inspected. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startFileServer, type FileServer } from '../../support/file-server.ts';
import { makeGitRepo, type GitRepo } from '../../support/git.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { allow } from '../../support/approval.ts';
import { putFile } from '../../support/put-file.ts';
import { audit, audited } from './audited.ts';

const manifest = { name: 'r', version: '1.0.0' };

let server: FileServer;
let repositories: Sandbox;
let clean: GitRepo;
let hostile: GitRepo;
let sandbox: Sandbox;
beforeAll(async () => {
  repositories = makeSandbox({ project: {} });
  server = await startFileServer();
  const outside = { symlinks: { 'sub/docs': '../../../../outside' } };
  const files = {
    'package.json': manifest,
    'sub/package.json': manifest,
    'other/package.json': manifest,
  };
  clean = serve(makeGitRepo(join(repositories.root, 'clean.git'), files), 'clean.git');
  hostile = serve(
    makeGitRepo(join(repositories.root, 'hostile.git'), files, outside),
    'hostile.git',
  );
});
afterAll(async () => {
  repositories.dispose();
  await server.close();
});
beforeEach(() => {
  sandbox = makeSandbox({ project: {} });
});
afterEach(() => sandbox.dispose());

/** As plain files, which git fetches as well. */
function serve(repo: GitRepo, name: string): GitRepo {
  execFileSync('git', ['update-server-info'], { cwd: repo.dir });
  const folder = join(repo.dir, '.git');
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (file.isFile()) {
      const path = join(file.parentPath, file.name);
      server.files.set(`/${name}/${relative(folder, path)}`, { body: readFileSync(path) });
    }
  const refs = server.files.get(`/${name}/info/refs`)!;
  server.files.set(`/${name}/info/refs?service=git-upload-pack`, refs);
  return { ...repo, url: `${server.url}/${name}` };
}

const npm = (resolved: string, more: object = {}): Record<string, object> => ({
  'package-lock.json': {
    lockfileVersion: 3,
    packages: { 'node_modules/r': { version: '1.0.0', resolved, ...more } },
  },
});
const pnpm = ({ url, commit }: GitRepo, more = ''): Record<string, string> => ({
  'pnpm-lock.yaml': `lockfileVersion: '9.0'\npackages:\n  r@git+${url}#${commit}:\n    resolution: {type: git, repo: ${url}, commit: ${commit}${more}}\n    version: 1.0.0\n`,
});
const LOCKFILES: readonly (readonly [
  string,
  (repo: GitRepo) => Record<string, string | object>,
])[] = [
  ['package-lock.json', ({ url, commit }) => npm(`git+${url}#${commit}`)],
  ['pnpm-lock.yaml', (repo) => pnpm(repo)],
  [
    'yarn.lock of Yarn 1',
    ({ url, commit }) => ({
      'yarn.lock': `# yarn lockfile v1\n"r@git+${url}":\n  version "1.0.0"\n  resolved "git+${url}#${commit}"\n`,
    }),
  ],
  [
    'yarn.lock of Yarn 2 and newer',
    ({ url, commit }) => ({
      'yarn.lock': `__metadata:\n  version: 8\n"r@git+${url}":\n  version: 1.0.0\n  resolution: "r@git+${url}#commit=${commit}"\n`,
    }),
  ],
  [
    'bun.lock',
    ({ url, commit }) => ({
      'bun.lock': `{"lockfileVersion":1,"workspaces":{"":{}},"packages":{"r":["r@git+${url}#${commit}",{},"${commit}"]}}`,
    }),
  ],
];

describe.each(LOCKFILES)('a repository in %s', (_, lockfile) => {
  it('is inspected at its commit', async () => {
    sandbox.write(lockfile(clean));
    const accepted = await audited(sandbox);
    expect(accepted.packages).toMatchObject([{ status: 'accept', from: 'git' }]);
    expect(accepted.code).toBe(0);
    sandbox.write(lockfile(hostile));
    const rejected = await audited(sandbox);
    expect(rejected.packages).toMatchObject([{ status: 'reject', from: 'git' }]);
    expect(rejected.code).toBe(1);
  });
});

describe('a repository', () => {
  it('is inspected in the folder that is installed, each by itself', async () => {
    const { url, commit } = hostile;
    const entry = (folder: string): string =>
      `  r@git+${url}#${commit}&path:${folder}:\n    resolution: {type: git, repo: ${url}, commit: ${commit}, path: ${folder}}\n`;
    sandbox.write({
      'pnpm-lock.yaml': `lockfileVersion: '9.0'\npackages:\n${entry('/other')}${entry('/sub')}`,
    });
    const { packages } = await audited(sandbox);
    expect(packages.map(({ status }) => status)).toEqual(['accept', 'reject']);
  });

  it('has no integrity by which another verdict could stand for it', async () => {
    const integrity = `sha512-${createHash('sha512').update('x').digest('base64')}`;
    sandbox.write(npm(`git+${hostile.url}#${hostile.commit}`, { integrity }));
    expect((await audited(sandbox)).code).toBe(1);
  });

  it.each([
    ['without a commit', (repo: GitRepo) => `git+${repo.url}#main`, [], 'names no commit'],
    [
      'with a branch whose name begins with a commit',
      (repo: GitRepo) => `git+${repo.url}#${repo.commit}&x`,
      [],
      'names no commit',
    ],
    [
      'with a folder in the words of pnpm, for which npm takes the last commit',
      (repo: GitRepo) => `git+${repo.url}#${repo.commit}&path:/other`,
      [],
      'names no commit',
    ],
    [
      'with a commit that is not there',
      (repo: GitRepo) => `git+${repo.url}#${'0'.repeat(40)}`,
      [],
      'cannot be read',
    ],
    ['in a folder', (repo: GitRepo) => repo.spec, [], 'not fetched by http'],
    [
      'by ssh',
      (repo: GitRepo) => `git+ssh://git@h.test/r.git#${repo.commit}`,
      [],
      'not fetched by http',
    ],
    [
      'with --offline',
      (repo: GitRepo) => `git+${repo.url}#${repo.commit}`,
      ['--offline'],
      '--offline',
    ],
  ] as const)('%s is not inspected', async (_, resolved, options, message) => {
    sandbox.write(npm(resolved(clean)));
    const { packages, code } = await audited(sandbox, ...options);
    expect(packages[0]?.error).toMatchObject({ code: 'NO_ARCHIVE' });
    expect(packages[0]?.error?.message).toContain(message);
    expect(code).toBe(2);
  });
});

describe('a policy that accepts git dependencies', () => {
  const accepting = (resolved: string): object => ({
    gitDependencies: [{ package: 'r', resolved, reason: 'looked at', expires: '2999-01-01' }],
  });
  const own = (resolved: string): void =>
    void putFile(
      join(sandbox.env['XDG_CONFIG_HOME']!, 'tarwarden', 'policy.json'),
      accepting(resolved),
    );

  it('of the user lets the audit pass, which lists it each time', async () => {
    sandbox.write(npm(clean.spec));
    own(clean.spec);
    const { code, stdout } = await audit(sandbox);
    expect(stdout).toBe(
      `not inspected, and accepted by your own policy, until 2999-01-01: r ${clean.spec}; reason: looked at\n\n1 package: 0 accepted, 0 rejected, 1 not inspected\nexit 0 because nothing was rejected, and the policy accepts 1 git dependency without an inspection\n`,
    );
    expect(code).toBe(0);
    const { packages } = await audited(sandbox);
    expect(packages).toMatchObject([
      { status: 'error', git: { accepted: { approvedBy: 'user', reason: 'looked at' } } },
    ]);
  });

  it('of the repository counts once the user has approved exactly that', async () => {
    sandbox.write({ ...npm(clean.spec), 'tarwarden.json': accepting(clean.spec), '.git/HEAD': '' });
    const before = await audit(sandbox);
    expect(before.code).toBe(2);
    const [command = ''] =
      /(?<=^ {2}tarwarden allow )--approve [0-9a-f]{64}$/m.exec(before.stdout) ?? [];
    const where = { cwd: sandbox.project, env: sandbox.env };
    expect(await allow(where, ...command.split(' '))).toMatchObject({ code: 0 });
    const after = await audit(sandbox);
    expect(after.stdout).toContain('accepted by the repository, approved by you');
    expect(after.code).toBe(0);
    const other = clean.spec.replace(clean.commit, '0'.repeat(40));
    sandbox.write({ ...npm(other), 'tarwarden.json': accepting(other) });
    expect((await audit(sandbox)).code).toBe(2);
  });

  it('accepts no commit that can be inspected and is hostile, and no entry that is wrong', async () => {
    const resolved = `git+${hostile.url}#${hostile.commit}`;
    sandbox.write(npm(resolved));
    own(resolved);
    expect((await audit(sandbox)).code).toBe(1);
    sandbox.write({ ...npm(clean.spec), 'package.json': { dependencies: { r: '^1.0.0' } } });
    own(clean.spec);
    const { code, stdout } = await audit(sandbox);
    expect(stdout).toMatch(/^REJECTED r@1.0.0$/m);
    expect(code).toBe(1);
  });

  it('prints what to add to the policy, which a person has to complete', async () => {
    sandbox.write(npm(clean.spec));
    const { stdout } = await audit(sandbox);
    const [line = ''] = /^ {4}\{.*\}$/m.exec(stdout) ?? [];
    expect(JSON.parse(line)).toEqual({
      package: 'r',
      resolved: clean.spec,
      reason: '',
      expires: 'YYYY-MM-DD',
    });
  });
});
