import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { projectLink, type ProjectLink } from '@tarwarden/guard';
import type { LinkClient } from '../../../../packages/guard/src/project/project-links.ts';
import { describe, expect, it } from 'vitest';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFile } from '../../../support/put-file.ts';

let top: string;
let project: string;
let outside: string;

freshFolder((fresh) => {
  top = fresh;
  project = join(top, 'project');
  outside = join(top, 'outside');
  mkdirSync(outside);
  put('package.json', '{}');
});

const put = (path: string, text = ''): string => putFile(join(project, path), text);

function link(path: string, target: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  symlinkSync(target, join(project, path));
}

const ENV = { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };

function git(...args: string[]): void {
  execFileSync('git', ['-C', project, ...args], { env: ENV, stdio: 'ignore' });
}

/** Makes the project a repository that tracks its package.json and these. */
function track(...paths: string[]): void {
  git('init', '--quiet');
  git('add', '--force', '--', 'package.json', ...paths);
}

interface Project {
  readonly root?: string;
  readonly client?: LinkClient;
}

function found(folders: string[] = [], more: Project = {}): string | undefined {
  return look(folders, more)?.name;
}

function look(
  folders: string[] = [],
  { root = project, client = 'npm' }: Project = {},
): ProjectLink | undefined {
  return projectLink(client, { root, folders });
}

describe('a tracked link out of the project is found', () => {
  it.each([
    'node_modules',
    'node_modules/@scope',
    'node_modules/.bin',
    'node_modules/.pnpm',
    'node_modules/.store',
  ])('at %s', (path) => {
    link(path, relative(dirname(join(project, path)), outside));
    track(path);
    expect(look()).toEqual({
      name: path,
      problem: `"${path}" is a link that leads out of the project, to "${outside}", where the install would write, and it is part of the repository`,
      remedy: 'remove the link from the repository, and install again',
    });
  });

  it('by an absolute path', () => {
    link('node_modules/@scope', outside);
    track('.');
    expect(found()).toBe('node_modules/@scope');
  });

  it.each([
    ['to where nothing is yet', '../../nothing/here'],
    ["into git's own folder, where hooks are", '../.git/hooks'],
  ])('%s', (_, target) => {
    link('node_modules/.bin', target);
    track('.');
    expect(found()).toBe('node_modules/.bin');
  });

  it('through another link in the project, whichever of them is tracked', () => {
    link('node_modules/.bin', '../hop/deeper');
    link('hop', '../outside');
    track('hop');
    expect(found()).toBe('node_modules/.bin');
    git('rm', '--cached', '--quiet', 'hop');
    git('add', '--force', 'node_modules/.bin');
    expect(found()).toBe('node_modules/.bin');
  });

  it('through more links than are followed', () => {
    for (let one = 0; one < 70; one++) link(`hop${one}`, one === 69 ? 'real' : `hop${one + 1}`);
    link('node_modules/@scope', '../hop0');
    track('.');
    expect(found()).toBe('node_modules/@scope');
  });

  it('in a workspace, and where the workspace itself is such a link', () => {
    link('packages/a/node_modules', '../../../outside');
    link('packages/b', '../../outside');
    track('.');
    expect(found(['.', 'packages/a'])).toBe('packages/a/node_modules');
    expect(found(['.', 'packages/b'])).toBe('packages/b');
    const root = join(top, 'same');
    symlinkSync(project, root);
    expect(found([root, join(root, 'packages/b')], { root })).toBe('packages/b');
  });

  it.each<[LinkClient, string]>([
    ['npm', 'package-lock.json'],
    ['pnpm', 'pnpm-lock.yaml'],
    ['pnpm', 'pnpm-lock.topic.yaml'],
    ['yarn', 'yarn.lock'],
    ['yarn', '.yarn'],
    ['yarn', '.yarn/cache'],
    ['yarn-classic', '.pnp/unplugged'],
    ['bun', 'bun.lock'],
    ['go', 'go.mod'],
    ['go', 'go.sum'],
    ['go', 'go.work'],
    ['go', 'vendor'],
    ['gem', 'Gemfile.lock'],
    ['bundle', 'Gemfile.lock'],
    ['bundle', '.bundle'],
    ['bundle', 'vendor/bundle'],
    ['pip', 'pylock.toml'],
  ])('at what %s writes: %s', (client, path) => {
    link(path, join(outside, 'precious'));
    link('other.lock', join(outside, 'precious'));
    track(path, 'other.lock');
    expect(found([], { client })).toBe(path);
  });

  it('though it is ignored', () => {
    put('.gitignore', 'node_modules\n');
    link('node_modules', '../outside');
    track('node_modules');
    expect(found()).toBe('node_modules');
  });

  it('though git is told of another repository, or of a program', () => {
    link('node_modules', '../outside');
    track('node_modules');
    git('config', 'core.fsmonitor', `touch ${join(top, 'ran')}`);
    process.env['GIT_DIR'] = join(top, 'other');
    try {
      expect(found()).toBe('node_modules');
    } finally {
      delete process.env['GIT_DIR'];
    }
    expect(existsSync(join(top, 'ran'))).toBe(false);
  });

  it('in a folder that poses as a repository', () => {
    link('node_modules/@scope', '../../outside');
    for (const path of ['objects/x', 'refs/x']) put(`node_modules/${path}`);
    put('node_modules/HEAD', 'ref: refs/heads/main\n');
    put('node_modules/config', '[core]\n\tbare = false\n\tworktree = .\n');
    track('.');
    expect(found()).toBe('node_modules/@scope');
  });

  it('in a submodule', () => {
    track();
    const outer = project;
    project = join(outer, 'sub');
    put('package.json', '{}');
    link('node_modules/.bin', '../../../outside');
    track('.');
    project = outer;
    expect(found(['.', 'sub'])).toBe('sub/node_modules/.bin');
  });

  it('with its name escaped', () => {
    link('node_modules/@\u001b[31m', outside);
    track('.');
    expect(look()?.problem).toContain(String.raw`"node_modules/@\x1b[31m" is a link`);
  });
});

describe('where git cannot say, a link out of the project is found', () => {
  const remedy =
    'remove the link; if it is your own, have the project in a git repository that tracks package.json and not the link';

  it('without a repository', () => {
    link('node_modules', outside);
    expect(look()).toMatchObject({ name: 'node_modules', remedy });
  });

  it('in a repository that does not know the project, as around an archive that was unpacked', () => {
    link('node_modules/.bin', '../../outside');
    execFileSync('git', ['init', '--quiet', top], { env: ENV });
    expect(look()).toMatchObject({ name: 'node_modules/.bin', remedy });
  });

  it('without git', () => {
    link('node_modules', outside);
    track();
    const { PATH } = process.env;
    process.env['PATH'] = outside;
    try {
      expect(found()).toBe('node_modules');
    } finally {
      process.env['PATH'] = PATH;
    }
  });
});

describe('what is in order is left alone', () => {
  it('a link that the user made', () => {
    put('.gitignore', 'node_modules\n');
    link('node_modules', outside);
    link('packages/a/node_modules/.bin', outside);
    track('.gitignore');
    expect(found(['.', 'packages/a'])).toBe(undefined);
  });

  it('a link of the user in the place of a folder that is tracked', () => {
    put('node_modules/@scope/one/package.json', '{}');
    link('node_modules/@scope/two', 'one');
    track('.');
    rmSync(join(project, 'node_modules'), { recursive: true });
    link('node_modules', outside);
    expect(found()).toBe(undefined);
  });

  it('a link that stays in the project, which has been reached through a link', () => {
    put('vendor/readme');
    link('node_modules/@scope', '../vendor');
    link('packages/a/node_modules', '../../node_modules');
    track('.');
    const root = join(top, 'same');
    symlinkSync(project, root);
    expect(found(['.', join(root, 'packages/a')], { root })).toBe(undefined);
  });

  it('a link to a sibling in the same repository', () => {
    put('app/package.json', '{}');
    link('app/node_modules', '../node_modules');
    track('.');
    expect(found(['.'], { root: join(project, 'app') })).toBe(undefined);
  });

  it('links of managers to single packages', () => {
    link('node_modules/one', '../../outside');
    track('.');
    expect(found()).toBe(undefined);
  });

  it('files where folders may be, and folders where nothing is linked', () => {
    put('node_modules/.store');
    put('packages/a/node_modules');
    put('packages/b');
    expect(found(['.', 'packages/a', 'packages/b'])).toBe(undefined);
  });

  it('a workspace beside the project, and folders without packages', () => {
    mkdirSync(join(outside, 'node_modules/@scope'), { recursive: true });
    symlinkSync('@scope', join(outside, 'node_modules/@other'));
    track();
    expect(found(['.', '../outside', 'packages/none'])).toBe(undefined);
  });
});
