/** Reading the index of a repository runs nothing of it, whoever it belongs to. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { trackedEntries } from '../../../../packages/guard/src/project/git-index.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let root: string;
const at = (...parts: string[]): string => join(root, ...parts);
const ran = (): boolean => existsSync(at('ran'));

function git(...args: readonly string[]): string {
  const env = { PATH: process.env['PATH'], HOME: root, GIT_CONFIG_NOSYSTEM: '1' };
  const who = ['-c', 'user.name=x', '-c', 'user.email=x@example.org'];
  const result = spawnSync('git', [...who, '-C', at('project'), ...args], {
    env,
    encoding: 'utf8',
  });
  return result.stdout.trim();
}

freshFolder((made) => {
  root = made;
  for (const folder of ['in', 'out']) {
    mkdirSync(at('project', folder), { recursive: true });
    writeFileSync(at('project', folder, 'file'), folder);
  }
  symlinkSync('in', at('project/link'));
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'all');
});

const program = (): string => {
  const file = at('program');
  writeFileSync(file, `#!/bin/sh\ntouch '${at('ran')}'\n`);
  chmodSync(file, 0o755);
  return file;
};
const pathsOf = (pathspec: string): unknown =>
  trackedEntries(at('project'), pathspec)?.map(({ path }) => path);

describe('the index', () => {
  test('is read: files with their modes', () => {
    expect(trackedEntries(at('project'), '.')).toEqual([
      { mode: '100644', path: 'in/file' },
      { mode: '120000', path: 'link' },
      { mode: '100644', path: 'out/file' },
    ]);
    expect(trackedEntries(root, '.')).toBeUndefined();
  });

  test('is read without what the environment says of git', () => {
    vi.stubEnv('GIT_DIR', at('nowhere'));
    vi.stubEnv('GIT_ALLOW_PROTOCOL', 'file');
    expect(pathsOf('link')).toEqual(['link']);
    vi.unstubAllEnvs();
  });
});

describe('a repository that names a program', () => {
  test('to watch its files does not have it run', () => {
    git('config', 'core.fsmonitor', program());
    git('status');
    expect(ran()).toBe(true);
    rmSync(at('ran'));
    expect(pathsOf('link')).toEqual(['link']);
    expect(ran()).toBe(false);
  });

  test('to fetch what its index lacks does not have it run', () => {
    const tree = git('rev-parse', 'HEAD:out');
    git('sparse-checkout', 'set', '--cone', '--sparse-index', 'in');
    for (const [key, value] of [
      ['core.repositoryFormatVersion', '1'],
      ['extensions.partialClone', 'origin'],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.url', at('nowhere')],
      ['remote.origin.uploadpack', program()],
    ] as const)
      git('config', key, value);
    rmSync(at('project/.git/objects', tree.slice(0, 2), tree.slice(2)));
    git('ls-files', '--stage');
    expect(ran()).toBe(true);
    rmSync(at('ran'));
    expect(pathsOf('link')).toEqual(['link']);
    expect(pathsOf('out')).not.toContain('out/file');
    expect(ran()).toBe(false);
  });
});
