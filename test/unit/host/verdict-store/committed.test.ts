import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mayBeCommitted } from '@tarwarden/host';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

let top: string;
let project: string;
let cache: string;
/** Of this account, as the system has it. */
let accountHome = '/nonexistent/home';
vi.mock('node:os', async (original) => {
  const os = await original<typeof import('node:os')>();
  return { ...os, userInfo: () => ({ ...os.userInfo(), homedir: accountHome }) };
});

beforeEach(() => {
  top = mkdtempSync(join(realpathSync(tmpdir()), 'tarwarden-committed-'));
  accountHome = '/nonexistent/home';
  project = join(top, 'project');
  cache = join(project, '.cache', 'tarwarden');
  put('package.json', '{}');
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

function put(path: string, text = ''): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
}

/** Makes the project a repository that tracks these. */
function track(...paths: string[]): void {
  const env = {
    PATH: process.env['PATH'],
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
  const git = (...args: string[]): void => {
    execFileSync('git', ['-C', project, ...args], { env, stdio: 'ignore' });
  };
  git('init', '--quiet');
  git('add', '--force', '--', ...paths);
}

describe('a cache may have come with the project', () => {
  it('where git tracks a file in it', () => {
    put('.cache/tarwarden/verdicts/v1/x/a.seg');
    track('package.json', '.cache');
    expect(mayBeCommitted(cache, project)).toBe(true);
    put('packages/a/package.json', '{}');
    expect(mayBeCommitted(cache, join(project, 'packages/a'))).toBe(true);
  });

  it('where git cannot say', () => {
    expect(mayBeCommitted(cache, project)).toBe(true);
  });

  it('where a link leads into the project', () => {
    symlinkSync(project, join(top, 'link'));
    expect(mayBeCommitted(join(top, 'link', '.cache'), project)).toBe(true);
  });

  it('where it is the folder of the project itself', () => {
    track('package.json');
    expect(mayBeCommitted(project, project)).toBe(true);
  });
});

describe('a cache is the user’s own', () => {
  it('outside the project', () => {
    expect(mayBeCommitted(join(top, 'cache'), project)).toBe(false);
    expect(mayBeCommitted(`${project}-cache`, project)).toBe(false);
  });

  it('in the project, where git tracks nothing of it', () => {
    put('.cache/tarwarden/verdicts/v1/x/a.seg');
    track('package.json');
    expect(mayBeCommitted(cache, project)).toBe(false);
  });

  it('in the home folder of the account, where somebody works there', () => {
    accountHome = project;
    expect(mayBeCommitted(cache, project)).toBe(false);
    accountHome = join(project, 'home');
    expect(mayBeCommitted(cache, project)).toBe(false);
  });
});
