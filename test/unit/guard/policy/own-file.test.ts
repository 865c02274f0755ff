import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  mayBePlanted,
  refuseForeignUserFile,
} from '../../../../packages/guard/src/policy/own-file.ts';
import { putFile } from '../../../support/put-file.ts';

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

const put = (path: string, text = ''): string => putFile(join(project, path), text);

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
    put('.cache/tarwarden/verdicts/v1/x/a.verdicts');
    track('package.json', '.cache');
    expect(mayBePlanted(cache, project)).toBe(true);
    put('packages/a/package.json', '{}');
    expect(mayBePlanted(cache, join(project, 'packages/a'))).toBe(true);
  });

  it('where git cannot say', () => {
    expect(mayBePlanted(cache, project)).toBe(true);
  });

  it('where a link leads into the project', () => {
    symlinkSync(project, join(top, 'link'));
    expect(mayBePlanted(join(top, 'link', '.cache'), project)).toBe(true);
  });

  it('where it is the folder of the project itself', () => {
    track('package.json');
    expect(mayBePlanted(project, project)).toBe(true);
  });
});

/** Makes a folder of the project a submodule of it, as far as git's indexes say. */
function asSubmodule(name: string, ...paths: string[]): void {
  const run = (cwd: string, ...args: string[]): void => {
    const env = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null' };
    const names = ['-c', 'user.name=a', '-c', 'user.email=a@b.example'];
    execFileSync('git', [...names, '-C', cwd, ...args], { env, stdio: 'ignore' });
  };
  const folder = join(project, name);
  run(project, 'init', '--quiet');
  mkdirSync(join(project, '.git/modules'), { recursive: true });
  run(project, 'init', '--quiet', '--separate-git-dir', join(project, '.git/modules', name), name);
  run(folder, 'add', '--force', '--', ...paths);
  run(folder, 'commit', '--quiet', '--message', 'all');
  run(project, 'add', '--force', '--', 'package.json', name);
}

describe('a submodule', () => {
  beforeEach(() => {
    put('sub/package.json', '{}');
    put('sub/.cache/tarwarden/a.verdicts');
  });

  it('may have brought a cache into the project', () => {
    asSubmodule('sub', 'package.json', '.cache');
    const inSubmodule = join(project, 'sub/.cache/tarwarden');
    expect(mayBePlanted(inSubmodule, project)).toBe(true);
    expect(mayBePlanted(inSubmodule, join(project, 'sub'))).toBe(true);
  });

  it('is part of the repository around it, which may have brought a cache', () => {
    put('.cache/tarwarden/a.verdicts');
    asSubmodule('sub', 'package.json');
    expect(mayBePlanted(cache, join(project, 'sub'))).toBe(false);
    track('.cache');
    expect(mayBePlanted(cache, join(project, 'sub'))).toBe(true);
  });

  it('holds a cache of the user, where git tracks nothing of it', () => {
    asSubmodule('sub', 'package.json');
    expect(mayBePlanted(join(project, 'sub/.cache/tarwarden'), project)).toBe(false);
  });
});

it('may have come with a package around the one that is installed, without git', () => {
  put('packages/a/package.json', '{}');
  expect(mayBePlanted(cache, join(project, 'packages/a'))).toBe(true);
  accountHome = project;
  expect(mayBePlanted(cache, join(project, 'packages/a'))).toBe(false);
});

it('has the user’s own policy above a clone, tracked or not', () => {
  put('.config/tarwarden/policy.json', '{}');
  track('.config');
  put('clone/package.json', '{}');
  execFileSync('git', ['-C', join(project, 'clone'), 'init', '--quiet'], { stdio: 'ignore' });
  expect(mayBePlanted(join(project, '.config'), join(project, 'clone'))).toBe(false);
  expect(mayBePlanted(join(project, '.config'), project)).toBe(true);
});

describe('a cache is the user’s own', () => {
  it('outside the project', () => {
    expect(mayBePlanted(join(top, 'cache'), project)).toBe(false);
    expect(mayBePlanted(`${project}-cache`, project)).toBe(false);
  });

  it('in the project, where git tracks nothing of it', () => {
    put('.cache/tarwarden/verdicts/v1/x/a.verdicts');
    track('package.json');
    expect(mayBePlanted(cache, project)).toBe(false);
  });

  it('in the home folder of the account, where somebody works there', () => {
    accountHome = project;
    expect(mayBePlanted(cache, project)).toBe(false);
    accountHome = join(project, 'home');
    expect(mayBePlanted(cache, project)).toBe(false);
  });
});

describe.skipIf(process.geteuid === undefined)("the user's own file", () => {
  const me = process.geteuid?.() ?? 0;
  const check = (uid: number, mode: number) => (): void =>
    refuseForeignUserFile("/a b/it's.json", { uid, mode });

  it.each([
    [me, 0o100644],
    [me, 0o100664],
    [0, 0o100644],
  ])('may belong to uid %i, with mode %o', (uid, mode) => {
    expect(check(uid, mode)).not.toThrow();
  });

  it('may neither belong to others, nor be written by all', () => {
    expect(check(54_322, 0o100644)).toThrow(
      `belongs to uid 54322: only a policy that nobody but you (uid ${me}) and root can write counts\nIf it is yours: chown ${me} '/a b/it'\\''s.json'`,
    );
    expect(check(me, 0o100666)).toThrow(
      /can be written by every user: [^]*\nIf nobody else has to write there: chmod o-w '/,
    );
  });
});
