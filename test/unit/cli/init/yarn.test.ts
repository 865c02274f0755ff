import {
  chmodSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  PLUGIN_PATH,
  planYarn,
  planYarnUndo,
} from '../../../../packages/cli/src/commands/init/yarn.ts';
import { makeWorld, type World } from './world.ts';

const PLUGIN = Buffer.from('module.exports = 1;\n');
const NEWER = Buffer.from('module.exports = 2;\n');
const RC = '.yarnrc.yml';

let world: World;
beforeEach(() => (world = makeWorld()));
afterEach(() => world.dispose());

describe('planYarn', () => {
  it.each([undefined, '', 'a: 1', '# only a comment\r\n', 'plugins:\n- x.cjs\n'])(
    'gives the old bytes back of %j',
    (text) => {
      if (text !== undefined) world.put(RC, text);
      const before = world.tree();
      world.apply(planYarn(world.files, PLUGIN));
      expect(readFileSync(join(world.root, PLUGIN_PATH))).toEqual(PLUGIN);
      expect(planYarn(world.files, PLUGIN)).toMatchObject({ changes: [], byHand: [] });
      world.apply(planYarnUndo(world.files));
      expect(world.tree()).toEqual(before);
    },
  );

  it('keeps the permissions of a file', () => {
    const file = world.put(RC, 'a: 1\n');
    chmodSync(file, 0o664);
    world.apply(planYarn(world.files, PLUGIN));
    expect(statSync(file).mode & 0o777).toBe(0o664);
  });

  it('brings the plugin of another version, and takes that out again', () => {
    world.put(RC, 'a: 1\n');
    const before = world.tree();
    world.apply(planYarn(world.files, PLUGIN));
    world.apply(planYarn(world.files, NEWER));
    expect(readFileSync(join(world.root, PLUGIN_PATH))).toEqual(NEWER);
    expect(planYarn(world.files, NEWER).changes).toEqual([]);
    world.apply(planYarnUndo(world.files));
    expect(world.tree()).toEqual(before);
  });

  it('brings a plugin that is missing', () => {
    world.apply(planYarn(world.files, PLUGIN));
    const wired = world.tree();
    rmSync(join(world.root, PLUGIN_PATH));
    world.apply(planYarn(world.files, PLUGIN));
    expect(world.tree()).toEqual(wired);
  });

  it.each([
    ['lines that cannot be added to', 'a: &x 1\nb: *x\n'],
    ['a plugin that was imported', `plugins:\n  - path: ${PLUGIN_PATH}\n    spec: x\n`],
    ['the setting alone', 'tarwardenRequired: true\n'],
    ['bytes that are not UTF-8', Buffer.from([0x61, 0xff])],
  ])('leaves a file with %s to a person', (_, text) => {
    world.put(RC, text);
    const plan = planYarn(world.files, PLUGIN);
    expect(plan.changes).toEqual([]);
    expect(plan.byHand[0]).toContain(`${RC} is left as it is`);
  });

  it('takes no file for the plugin that is another', () => {
    world.put(PLUGIN_PATH, 'evil()');
    expect(planYarn(world.files, PLUGIN)).toMatchObject({
      changes: [],
      byHand: [expect.stringContaining('is another file')],
    });
    rmSync(join(world.root, PLUGIN_PATH));
    world.apply(planYarn(world.files, PLUGIN));
    world.put(PLUGIN_PATH, 'evil()');
    expect(planYarn(world.files, NEWER)).toMatchObject({
      changes: [],
      byHand: [expect.stringContaining('was changed since')],
    });
  });
});

describe('planYarnUndo', () => {
  it('does nothing where nothing is', () => {
    expect(planYarnUndo(world.files)).toMatchObject({ changes: [], byHand: [] });
    world.put(RC, 'plugins: [x.cjs]\n');
    expect(planYarnUndo(world.files)).toMatchObject({ changes: [], byHand: [] });
  });

  it('is refused where the lines or the plugin were changed', () => {
    world.apply(planYarn(world.files, PLUGIN));
    const text = readFileSync(join(world.root, RC), 'utf8');
    world.put(RC, text.replace('true', 'true # by us'));
    expect(planYarnUndo(world.files)).toMatchObject({ changes: [], byHand: [expect.any(String)] });
    world.put(RC, text);
    world.put(PLUGIN_PATH, 'changed');
    expect(planYarnUndo(world.files)).toMatchObject({ changes: [], byHand: [expect.any(String)] });
  });
});

describe('a link in the way', () => {
  it.each(['.yarn', '.yarn/plugins', PLUGIN_PATH, RC])('at %s is not followed', (path) => {
    const outside = join(dirname(world.root), 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'rc'), 'a: 1\n');
    mkdirSync(dirname(join(world.root, path)), { recursive: true });
    symlinkSync(path.endsWith('ml') ? join(outside, 'rc') : outside, join(world.root, path));
    expect(() => world.apply(planYarn(world.files, PLUGIN))).toThrow(/it is a link; nothing was/);
    expect(readFileSync(join(outside, 'rc'), 'utf8')).toBe('a: 1\n');
  });

  it('is noticed when it comes later', () => {
    const plan = planYarn(world.files, PLUGIN);
    const outside = join(dirname(world.root), 'outside');
    mkdirSync(outside);
    symlinkSync(outside, join(world.root, '.yarn'));
    expect(() => world.apply(plan)).toThrow(/it is a link/);
    rmSync(join(world.root, '.yarn'));
    world.put(RC, 'a: 1\n');
    expect(() => world.apply(plan)).toThrow(/changed meanwhile/);
  });
});
