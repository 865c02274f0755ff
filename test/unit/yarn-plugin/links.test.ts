/** Links of the repository through which Yarn would write outside the project. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { refuseLinksOut } from '../../../packages/yarn-plugin/src/links.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { putFile } from '../../support/put-file.ts';

let top: string;
let project: string;
let outside: string;
freshFolder((made) => {
  top = made;
  project = join(top, 'project');
  outside = join(top, 'outside');
  mkdirSync(outside);
  put('package.json', '{}');
});

const put = (path: string, text: string): string => putFile(join(project, path), text);

function link(path: string, target: string = join(outside, 'target')): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  rmSync(join(project, path), { force: true });
  symlinkSync(target, join(project, path));
}

/** Makes the project a repository that tracks all of it. */
function commit(): void {
  const env = {
    PATH: process.env['PATH'],
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
  for (const args of [
    ['init', '--quiet'],
    ['add', '--force', '.'],
  ])
    execFileSync('git', ['-C', project, ...args], { env, stdio: 'ignore' });
}

const guards = {
  core: () => import('../../../packages/yarn-plugin/src/core.ts'),
  refusal: (text: string) => new Error(text),
};

/** What refuses to install; undefined where nothing does. */
async function refusal(workspaces: readonly string[] = []): Promise<string | undefined> {
  const yarn = {
    cwd: project,
    workspaces: workspaces.map((path) => ({ cwd: join(project, path) })),
  };
  try {
    await refuseLinksOut(yarn as never, guards as never);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const FILES = [
  'package.json',
  'yarn.lock',
  '.pnp.cjs',
  '.pnp.data.json',
  '.pnp.loader.mjs',
  '.yarn',
  '.yarn/build-state.yml',
  '.yarn/cache',
  '.yarn/install-state.gz',
];

describe('a link out of the project is refused', () => {
  // Git has to know the project by more than its links.
  beforeEach(() => put('index.js', ''));

  test.each(FILES)('where Yarn writes %s', async (path) => {
    link(path);
    commit();
    expect(await refusal()).toContain(`nothing is installed: "${path}" is a link`);
  });

  test('in a workspace', async () => {
    put('packages/a/index.js', '');
    link('packages/a/package.json');
    commit();
    expect(await refusal(['packages/a'])).toContain(
      'nothing is installed: "packages/a/package.json" is a link',
    );
    expect(await refusal()).toBeUndefined();
  });

  test.each(['node_modules', 'node_modules/@scope', 'packages/a/node_modules'])(
    'for packages at %s',
    async (path) => {
      link(path);
      commit();
      expect(await refusal(['packages/a'])).toContain(`"${path}" is a link`);
    },
  );

  test('by a text that says what to do', async () => {
    link('yarn.lock');
    commit();
    expect(await refusal()).toBe(
      `tarwarden: nothing is installed: "yarn.lock" is a link that leads out of the project, to "${join(outside, 'target')}", ` +
        'where the install would write, and it is part of the repository\n' +
        'what to do: remove the link from the repository, and install again',
    );
  });

  test('without git, which could say whose it is', async () => {
    link('yarn.lock');
    expect(await refusal()).toContain('git cannot say that it did not come with the project');
  });
});

describe('installed is', () => {
  test('what has no links', async () => {
    put('yarn.lock', '');
    put('.yarn/cache/.gitignore', '');
    put('node_modules/a/index.js', '');
    commit();
    expect(await refusal()).toBeUndefined();
  });

  test('through links that stay in the project', async () => {
    put('config/yarn.lock', '');
    link('yarn.lock', 'config/yarn.lock');
    link('node_modules/@scope', '../packages');
    commit();
    expect(await refusal()).toBeUndefined();
  });

  test('through links of the user’s own, which git does not track', async () => {
    commit();
    link('.yarn/cache');
    expect(await refusal()).toBeUndefined();
  });

  test('beside links that Yarn does not write through', async () => {
    link('docs');
    link('.yarn/releases');
    link('node_modules/a');
    commit();
    expect(await refusal()).toBeUndefined();
  });
});
