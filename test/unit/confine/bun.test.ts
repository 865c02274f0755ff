import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf } from '../../../packages/confine/src/clients/index.ts';
import { userNpmrc } from '../../../packages/confine/src/environment.ts';
import { makeConfineProject, type ConfineProject } from '../../support/confine/project.ts';

const SCRIPTS = 'scripts: install --frozen-lockfile --offline --force --backend=copyfile';

describe('bun', () => {
  let at: ConfineProject;
  const steps = (args: string): string[] => at.steps('bun', args);
  beforeEach(() => {
    at = makeConfineProject();
    at.write('project/bun.lock', '');
  });
  afterEach(() => at.dispose());

  it('fetches without scripts, and installs all of it once more, without the network', () => {
    expect(steps('install')).toEqual([
      'fetch: install --ignore-scripts --backend=copyfile',
      SCRIPTS,
    ]);
    expect(steps('--silent add x -d')).toEqual([
      'fetch: --silent add --ignore-scripts --backend=copyfile x -d',
      `${SCRIPTS} --silent`,
    ]);
    expect(steps('ci -p --cwd a --filter x --filter=y -F z --omit dev')[1]).toBe(
      `${SCRIPTS} --cwd=a --omit=dev --filter=x --filter=y --filter=z --production`,
    );
  });

  it('demands no lockfile where there is none', () => {
    expect(at.steps('bun', 'i', { root: join(at.root, 'a') })[1]).toBe(
      'scripts: install --offline --force --backend=copyfile',
    );
  });

  it.each(['install --ignore-scripts', 'i --dry-run', 'update --lockfile-only'])(
    'has one step for "%s"',
    (args) => {
      expect(steps(args)).toHaveLength(1);
    },
  );

  it.each([
    'run build',
    'build.ts',
    'x tool',
    '--version',
    '--cwd dir install',
    '--eval=x install',
    '-p 1 install',
    '- install',
    'pm ls',
    'init',
    '',
  ])('runs "%s" as it is', (args) => {
    expect(steps(args)).toEqual([`whole: ${args}`]);
  });

  it('runs scripts of what is trusted now as scripts', () => {
    expect(steps('pm trust x')).toEqual(['scripts: pm trust x']);
    expect(at.steps('bunx', 'tool install')).toEqual(['whole: tool install']);
  });

  it.each([
    ['add -g x', 'global install'],
    ['remove --global x', 'global install'],
    ['link', 'cannot be split'],
    ['dedupe', 'cannot be split'],
    ['audit --json fix', 'cannot be split'],
    ['patch --commit x', 'cannot be split'],
    ['patch-commit x', 'cannot be split'],
    ['install --no-save', '"bun install --no-save" cannot be split'],
  ])('does not run "%s"', (args, why) => {
    expect(() => steps(args)).toThrow(why);
  });

  it('has no folder of its own to write, and finds the workspace', () => {
    expect(at.folders('bun', 'install')).toEqual([]);
    at.write('project/package.json', { workspaces: ['a'] });
    at.write('project/a/package.json', {});
    expect(at.rootOf('bun', 'project/a')).toBe(at.root);
    expect(at.rootOf('bun', '.', 'install --cwd project/a')).toBe(at.root);
    expect(at.rootOf('bunx', 'project/a')).toBe(at.root);
    expect(clientOf('bunx').programs).toEqual(['bunx', 'bun']);
  });

  it('finds the .npmrc that bun reads', () => {
    const env = { HOME: at.home, XDG_CONFIG_HOME: join(at.home, 'config') };
    expect(userNpmrc('bun', env)).toBe(join(at.home, '.npmrc'));
    at.write('config/.npmrc', '');
    expect(userNpmrc('bun', env)).toBe(join(at.home, 'config/.npmrc'));
  });
});
