/** `tarwarden init` in a project of Yarn 1: there is no file that could bring its guard, so init names `tarwarden setup`. */
import { expect, test } from 'vitest';
import { execute, type Result } from '../../support/execute.ts';
import { tree } from '../../support/sandbox.ts';
import { makeCaller, TARWARDEN, type Caller } from '../verify/world.ts';

const init = async ({ sandbox, env }: Caller): Promise<Result> =>
  execute(process.execPath, [TARWARDEN, 'init'], { cwd: sandbox.project, env });

test.each<[string, Record<string, string | object>]>([
  ['its lockfile', { 'yarn.lock': '# yarn lockfile v1\n\n\n' }],
  ['packageManager', { 'package.json': { name: 'p', packageManager: 'yarn@1.22.22' } }],
])('names setup, and writes nothing: by %s', async (_by, files) => {
  const caller = makeCaller('yarn-1');
  caller.sandbox.write(files);
  const before = tree(caller.sandbox.project);
  const unguarded = await init(caller);
  expect(unguarded).toMatchObject({ code: 0 });
  expect(unguarded.stdout).toMatch(/^not yet {3}yarn\n.*\n +tarwarden setup$/m);
  expect(unguarded.stdout).toMatch(/^ +tarwarden verify --manager yarn$/m);
  await caller.shims();
  const guarded = await init(caller);
  expect(guarded).toMatchObject({ code: 0 });
  expect(guarded.stdout).toMatch(/^guarded +yarn /m);
  expect(tree(caller.sandbox.project)).toEqual(before);
});
