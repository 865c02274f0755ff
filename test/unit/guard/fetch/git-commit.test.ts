import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inspect } from '@tarwarden/core';
import {
  fetchCommit,
  commitOf,
  repositoryUrl,
} from '../../../../packages/guard/src/fetch/git-commit.ts';
import { makeGitRepo, type GitRepo } from '../../../support/git.ts';

const limits = { timeLimit: 30_000, offline: false };
const MANIFEST = { name: 'from-git', version: '1.0.0' };

let folder: string;
let clean: GitRepo;
let hostile: GitRepo;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tarwarden-git-test-'));
  clean = makeGitRepo(join(folder, 'clean'), {
    'package.json': MANIFEST,
    'index.js': 'module.exports = 1\n',
    'packages/sub/package.json': { name: 'sub', version: '2.0.0' },
  });
  hostile = makeGitRepo(
    join(folder, 'hostile'),
    { 'package.json': MANIFEST, '.gitattributes': 'link export-ignore\n* export-subst\n' },
    { symlinks: { link: '/nonexistent/tarwarden-sentinel' } },
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('archiveCommit', () => {
  it('gives the core an archive that it accepts', async () => {
    const verdict = inspect(await fetchCommit({ repo: clean.url, commit: clean.commit }, limits));
    expect(verdict).toMatchObject({ status: 'accept', manifest: MANIFEST });
  });

  it('shows a link that the attributes of the tree would hide', async () => {
    const bytes = await fetchCommit({ repo: hostile.url, commit: hostile.commit }, limits);
    expect(inspect(bytes).findings.map(({ rule }) => rule)).toContain('symlink');
  });

  it('takes the folder that the package is in', async () => {
    const { repo, commit } = { repo: clean.url, commit: clean.commit };
    const bytes = await fetchCommit({ repo, commit, folder: '/packages/sub' }, limits);
    expect(inspect(bytes).manifest).toMatchObject({ name: 'sub', version: '2.0.0' });
  });

  it('finds a commit that no branch points at any more', async () => {
    const { dir, url } = makeGitRepo(join(folder, 'moved'), { 'package.json': MANIFEST });
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.invalid', ...args], {
        cwd: dir,
        encoding: 'utf8',
      }).trim();
    const old = git('rev-parse', 'HEAD');
    writeFileSync(join(dir, 'new.js'), '');
    git('add', '.');
    git('commit', '--quiet', '--message', 'More');
    const bytes = await fetchCommit({ repo: url, commit: old }, limits);
    expect(inspect(bytes).status).toBe('accept');
  });

  it.each([
    ['an abbreviated commit', { commit: '7abaacd' }],
    ['an option as commit', { commit: '--upload-pack=touch /tmp/x' }],
    ['a folder outside', { commit: 'a'.repeat(40), folder: '../other' }],
  ])('refuses %s', async (_, what) => {
    await expect(fetchCommit({ repo: clean.url, ...what }, limits)).rejects.toThrow(
      /commit|outside/,
    );
  });

  it('does not follow variables that point git elsewhere', async () => {
    vi.stubEnv('GIT_DIR', join(hostile.dir, '.git'));
    vi.stubEnv('GIT_CONFIG_COUNT', '1');
    vi.stubEnv('GIT_CONFIG_KEY_0', `url.${hostile.url}.insteadOf`);
    vi.stubEnv('GIT_CONFIG_VALUE_0', clean.url);
    const verdict = inspect(await fetchCommit({ repo: clean.url, commit: clean.commit }, limits));
    expect(verdict.status).toBe('accept');
  });

  it('refuses a remote repository when pnpm is offline', async () => {
    const remote = { repo: 'https://127.0.0.1:1/x.git', commit: clean.commit };
    await expect(fetchCommit(remote, { ...limits, offline: true })).rejects.toThrow('offline');
  });
});

describe('repositoryUrl', () => {
  it.each([
    'https://host.example/a/b.git',
    'ssh://git@host.example/a.git',
    'git@host.example:a/b.git',
    'git://host.example/a',
    'file:///srv/a.git',
  ])('takes %s', (url) => {
    expect(repositoryUrl(`git+${url}`)).toBe(url);
  });

  it.each([
    'ext::sh -c touch% /tmp/x',
    '--upload-pack=x',
    '-oProxyCommand=x',
    'ssh://-oProxyCommand=x/a',
    '-x@host:a',
    'git@-oProxyCommand=x:a',
    'git@host:-x',
    'fd::7',
    '/srv/a.git',
    '../a',
    'ftp://host.example/a',
  ])('refuses %s', (url) => {
    expect(() => repositoryUrl(url)).toThrow('not a git URL');
  });
});

describe('commitOf', () => {
  it('resolves branches and HEAD, and takes commits as they are', async () => {
    expect(await commitOf(clean.url, 'main', 30_000)).toBe(clean.commit);
    expect(await commitOf(clean.url, 'HEAD', 30_000)).toBe(clean.commit);
    expect(await commitOf(clean.url, clean.commit, 30_000)).toBe(clean.commit);
  });

  it.each(['--upload-pack=x', 'no-such-branch', 'semver:^1.0.0', '-x'])(
    'does not know %s',
    async (ref) => {
      expect(await commitOf(clean.url, ref, 30_000)).toBeUndefined();
    },
  );
});
