import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mayBeCommitted } from '@tarwarden/host';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let top: string;
let project: string;
let cache: string;
const HOME = '/nonexistent/home';

beforeEach(() => {
  top = mkdtempSync(join(realpathSync(tmpdir()), 'tarwarden-committed-'));
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
    expect(mayBeCommitted(cache, project, HOME)).toBe(true);
    put('packages/a/package.json', '{}');
    expect(mayBeCommitted(cache, join(project, 'packages/a'), HOME)).toBe(true);
  });

  it('where git cannot say', () => {
    expect(mayBeCommitted(cache, project, HOME)).toBe(true);
  });

  it('where a link leads into the project', () => {
    symlinkSync(project, join(top, 'link'));
    expect(mayBeCommitted(join(top, 'link', '.cache'), project, HOME)).toBe(true);
  });

  it('where it is the folder of the project itself', () => {
    track('package.json');
    expect(mayBeCommitted(project, project, HOME)).toBe(true);
  });
});

describe('a cache is the user’s own', () => {
  it('outside the project', () => {
    expect(mayBeCommitted(join(top, 'cache'), project, HOME)).toBe(false);
    expect(mayBeCommitted(`${project}-cache`, project, HOME)).toBe(false);
  });

  it('in the project, where git tracks nothing of it', () => {
    put('.cache/tarwarden/verdicts/v1/x/a.seg');
    track('package.json');
    expect(mayBeCommitted(cache, project, HOME)).toBe(false);
  });

  it('in the home folder, where somebody works there', () => {
    expect(mayBeCommitted(cache, project, project)).toBe(false);
    expect(mayBeCommitted(cache, project, join(project, 'home'))).toBe(false);
  });
});
