/** Git decides what a colleague's clone has. Following the advice of init has git commit what init wrote. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { commitSteps } from '../../../../packages/cli/src/commands/init/report.ts';
import { planPnpm } from '../../../../packages/cli/src/commands/init/pnpm.ts';
import { planYarn } from '../../../../packages/cli/src/commands/init/yarn.ts';
import { makeWorld, type World } from './world.ts';

const HOOK = new Map([['index.cjs', Buffer.from('module.exports = 1;\n')]]);
const PLUGIN = Buffer.from('module.exports = 1;\n');

let world: World;
let project: string;
beforeEach(() => {
  world = makeWorld();
  project = world.root;
  vi.stubEnv('HOME', join(world.root, '..'));
  vi.stubEnv('XDG_CONFIG_HOME', join(world.root, '../config'));
  git('init', '--quiet');
});
afterEach(() => {
  vi.unstubAllEnvs();
  world.dispose();
});

function git(...args: string[]): string {
  const who = ['-c', 'user.name=x', '-c', 'user.email=x@example.org'];
  return spawnSync('git', [...who, '-C', project, ...args], { encoding: 'utf8' }).stdout;
}

/** What init wrote, for both managers. */
function written(): string[] {
  const plans = [planPnpm(world.files, HOOK), planYarn(world.files, PLUGIN)];
  const committed = plans.flatMap((plan) => plan.committed);
  for (const plan of plans) world.apply(plan);
  return committed;
}

const IGNORED: readonly (readonly [name: string, file: string, lines: string])[] = [
  ['the folder of Yarn', '.gitignore', '.yarn/\n'],
  ['all but some folders of Yarn', '.gitignore', '.yarn/*\n!.yarn/patches\n'],
  ['the plugins of Yarn', '.gitignore', 'plugins\n'],
  ['every name with a dot', '.gitignore', '.*\n'],
  ['every name with a dot, for this clone', '.git/info/exclude', '.*\n'],
  ['every name with a dot, for this user', '../config/git/ignore', '.*\n'],
  ['every name', '.gitignore', '*\n'],
  ['files by how they end', '.gitignore', '*.cjs\n*.yml\n'],
  ['all in the folder of Yarn, by a file there', '.yarn/.gitignore', '*\n'],
  ['the folder of the hook, and dist anywhere', '.gitignore', 'dist\n/.tarwarden\n'],
];

describe('an ignore file that leaves out', () => {
  it.each(IGNORED)('%s: the command has git commit all of it', (_, file, lines) => {
    world.put(file, lines);
    const paths = written();
    const steps = commitSteps(project, paths) ?? [];
    expect(steps[0]).toMatch(/^git ignores .*, because line \d of \S+ is "/);
    const [, command = ''] = /: git -C \S+ (add -f .*)$/.exec(steps.at(-1) ?? '') ?? [];
    git(...command.split(' '));
    git('add', '--all');
    expect(git('ls-files').split('\n')).toEqual(expect.arrayContaining(paths));
    expect(commitSteps(project, paths)).toEqual([]);
  });
});

describe('commitSteps', () => {
  it('says nothing of what git takes in, and of what it has already', () => {
    world.put('.gitignore', 'dist\nnode_modules\n');
    const paths = written();
    expect(commitSteps(project, paths)).toEqual([]);
    git('add', '--all');
    world.put('.gitignore', '*\n');
    expect(commitSteps(project, paths)).toEqual([]);
  });

  it('says before anything is written what it says afterwards', () => {
    world.put('.gitignore', 'dist\n.tarwarden/\n');
    const paths = planPnpm(world.files, HOOK).committed;
    const before = commitSteps(project, paths);
    world.apply(planPnpm(world.files, HOOK));
    expect(before).toEqual(commitSteps(project, paths));
    expect(before?.join('\n')).not.toContain('dist');
  });

  it('names an ignore file above the folder', () => {
    world.put('.gitignore', 'sub/\n');
    mkdirSync(join(project, 'sub'));
    const steps = commitSteps(join(project, 'sub'), ['.pnpmfile.cjs']);
    expect(steps?.join('\n')).toMatch(/line 1 of \.\.\/\.gitignore is "sub\/"/);
    expect(steps?.at(-1)).toMatch(/add -f \.pnpmfile\.cjs$/);
  });

  it('does not know without a repository', () => {
    expect(commitSteps(join(world.root, '..'), ['x'])).toBeUndefined();
  });

  it('has git run nothing that the repository names', () => {
    const program = world.put('program', `#!/bin/sh\ntouch '${world.root}/ran'\n`);
    chmodSync(program, 0o755);
    world.put('.gitignore', '.*\n');
    git('config', 'core.fsmonitor', program);
    git('config', 'alias.check-ignore', `!${program}`);
    git('config', 'core.pager', program);
    git('status');
    expect(existsSync(join(project, 'ran'))).toBe(true);
    spawnSync('rm', [join(project, 'ran')]);
    expect(commitSteps(project, ['.pnpmfile.cjs'])).toHaveLength(2);
    expect(existsSync(join(project, 'ran'))).toBe(false);
  });
});
