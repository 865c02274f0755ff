import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf } from '../../../packages/confine/src/clients/index.ts';
import { makeConfineProject, type ConfineProject } from '../../support/confine/project.ts';

const SCRIPTS = 'scripts: install --offline --frozen-lockfile --cache-folder /c';

describe('Yarn 1', () => {
  let at: ConfineProject;
  const steps = (args: string, env: NodeJS.ProcessEnv = {}): string[] =>
    at.steps('yarn-classic', args, { env: { HOME: at.home, YARN_CACHE_FOLDER: '/c', ...env } });
  const folders = (args: string, env?: NodeJS.ProcessEnv): readonly string[] =>
    at.folders('yarn-classic', args, env);
  beforeEach(() => {
    at = makeConfineProject();
    at.write('project/yarn.lock', '');
  });
  afterEach(() => at.dispose());

  it('fetches without scripts, and installs once more from the same cache', () => {
    expect(steps('')).toEqual(['fetch: --ignore-scripts --cache-folder /c', SCRIPTS]);
    expect(steps('--cwd a add x -- y')[0]).toBe(
      'fetch: --cwd a add x --ignore-scripts --cache-folder /c -- y',
    );
    expect(steps('--cwd a add x')[1]).toBe(`${SCRIPTS} --cwd=a`);
    expect(steps('install --production --force')[1]).toBe(`${SCRIPTS} --production`);
  });

  it('leaves scripts out where the user does', () => {
    expect(steps('install --ignore-scripts')).toHaveLength(1);
  });

  it.each(['run build', 'build', '--version', '-v', 'workspace a run x', 'workspaces info'])(
    'runs "%s" as it is',
    (args) => {
      expect(steps(args)).toEqual([`whole: ${args}`]);
    },
  );

  it.each([
    ['global add x', 'cannot be split'],
    ['link', 'cannot be split'],
    ['create x', 'cannot be split'],
    ['upgrade-interactive', 'cannot be split'],
    ['workspace a add x', 'run "yarn add" in the folder'],
    ['install --pure-lockfile', 'leave --pure-lockfile out'],
    ['--no-lockfile', 'leave --no-lockfile out'],
  ])('does not run "%s"', (args, why) => {
    expect(() => steps(args)).toThrow(why);
  });

  it('has the cache that the user names, and no other', () => {
    at.write('.yarnrc', 'cache-folder "/y"\nyarn-offline-mirror /mirror\n');
    at.write('project/.yarnrc', 'cache-folder "/theirs"\n');
    expect(folders('')).toEqual(['/mirror', '/y']);
    expect(folders('', { YARN_CACHE_FOLDER: '/e' })[1]).toBe('/e');
    expect(folders('', { npm_config_cache_folder: '/n' })[1]).toBe('/n');
    expect(folders('install --cache-folder /o', { YARN_CACHE_FOLDER: '/e' })[1]).toBe('/o');
  });

  it('says to the guard which phase it is, and needs its own settings', () => {
    const { env, needs } = clientOf('yarn-classic');
    for (const phase of ['fetch', 'scripts', 'whole'] as const)
      expect(env?.(at.project(''), { phase })).toEqual({ TARWARDEN_CONFINED_PHASE: phase });
    at.write('.yarnrc', '--install.ignore-engines true\n');
    expect(needs?.(at.project(''))).toEqual([join(at.home, '.yarnrc')]);
  });

  it.each(['"//x/:_authToken" "y"', '_auth abc', '"@a:token" x'])(
    'refuses a file of the user that signs in: %j',
    (text) => {
      at.write('.yarnrc', `registry "https://registry.example"\n${text}\n`);
      expect(() => steps('')).toThrow('which scripts could read');
    },
  );

  it('finds the project as Yarn does: the nearest package, or the workspace around it', () => {
    at.write('project/package.json', { workspaces: ['a'] });
    at.write('project/a/package.json', {});
    at.write('project/b/package.json', {});
    expect(at.rootOf('yarn-classic', 'project/a')).toBe(at.root);
    expect(at.rootOf('yarn-classic', 'project/b')).toBe(join(at.root, 'b'));
    expect(at.rootOf('yarn-classic', '.', '--cwd project/b')).toBe(join(at.root, 'b'));
  });
});
