import { createHash } from 'node:crypto';
import { readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planPnpm, planPnpmUndo } from '../../../../packages/cli/src/commands/init/pnpm.ts';
import { repository } from '../../../support/managers.ts';
import { recipe } from '../../../support/pages.ts';
import { makeWorld, type World } from './world.ts';

const HOOK = new Map([
  ['index.cjs', Buffer.from('module.exports = 1;\n')],
  ['old.cjs', Buffer.from('old')],
]);
const NEWER = new Map([['index.cjs', Buffer.from('module.exports = 2;\n')]]);
const COMPOSED = "module.exports = require('./.tarwarden/pnpmfile.cjs').compose(module.exports)";
const UNTOUCHED = { changes: [], byHand: [expect.any(String)] };

let world: World;
beforeEach(() => (world = makeWorld()));
afterEach(() => world.dispose());

describe('planPnpm', () => {
  it('writes what docs/install.md writes, and takes it out again', () => {
    const before = world.tree();
    world.apply(planPnpm(world.files, HOOK));
    const text = readFileSync(join(world.root, '.pnpmfile.cjs'), 'utf8');
    expect(recipe('docs/install.md', 'pnpm, in a repository')).toContain(
      `echo "${text.trimEnd()}" > .pnpmfile.cjs\n`,
    );
    expect(readFileSync(join(world.root, '.tarwarden/pnpmfile.cjs'), 'utf8')).toBe(
      readFileSync(join(repository, 'packages/pnpm-hook/pnpmfile.cjs'), 'utf8'),
    );
    expect(planPnpm(world.files, HOOK)).toMatchObject({ changes: [], byHand: [] });
    world.apply(planPnpmUndo(world.files));
    expect(world.tree()).toEqual(before);
  });

  it('replaces the files of another version', () => {
    const before = world.tree();
    world.apply(planPnpm(world.files, HOOK));
    world.apply(planPnpm(world.files, NEWER));
    expect(world.files.read('.tarwarden/dist/old.cjs')).toBeUndefined();
    expect(world.files.read('.tarwarden/dist/index.cjs')).toEqual(NEWER.get('index.cjs'));
    world.apply(planPnpmUndo(world.files));
    expect(world.tree()).toEqual(before);
  });

  it('goes on where it was interrupted', () => {
    const { changes } = planPnpm(world.files, HOOK);
    for (const count of changes.keys()) {
      world.files.apply(changes.slice(0, count));
      world.apply(planPnpm(world.files, HOOK));
      expect(planPnpm(world.files, HOOK)).toMatchObject({ changes: [], byHand: [] });
      world.apply(planPnpmUndo(world.files));
    }
    expect(world.files.read('.pnpmfile.cjs')).toBeUndefined();
  });

  it.each([
    'module.exports = { hooks: {} };\n',
    'exports.hooks = {}',
    '\uFEFF"use strict"\r\nmodule.exports = {}\r\n// the end',
    '',
    '#!/usr/bin/env node\n// nothing\n',
  ])('composes the hooks of %j, and gives every byte back', (text) => {
    world.put('.pnpmfile.cjs', text, 0o640);
    const before = world.tree();
    world.apply(planPnpm(world.files, HOOK));
    const composed = readFileSync(join(world.root, '.pnpmfile.cjs'), 'utf8');
    expect(composed.startsWith(text)).toBe(true);
    expect(composed.slice(text.length).trim()).toBe(COMPOSED);
    expect(planPnpm(world.files, HOOK)).toMatchObject({ changes: [], byHand: [] });
    world.apply(planPnpm(world.files, NEWER));
    world.apply(planPnpmUndo(world.files));
    expect(world.tree()).toEqual(before);
  });

  it('leaves an ES module to a person, until it loads the hook', () => {
    world.put('.pnpmfile.mjs', 'export const hooks = {};\n');
    const plan = planPnpm(world.files, HOOK);
    expect(plan.byHand).toEqual([expect.stringContaining('load the hook there by hand')]);
    world.apply(plan);
    expect(world.files.readText('.pnpmfile.mjs')).toBe('export const hooks = {};\n');
    world.put('.pnpmfile.mjs', "createRequire(import.meta.url)('./.tarwarden/pnpmfile.cjs')\n");
    expect(planPnpm(world.files, HOOK)).toMatchObject({ changes: [], byHand: [] });
  });

  it('keeps what was changed in the pnpmfile since', () => {
    world.put('.pnpmfile.cjs', 'module.exports = {};\n');
    world.apply(planPnpm(world.files, HOOK));
    world.put('.pnpmfile.cjs', `// new\n${COMPOSED}\n// below\n`);
    expect(planPnpm(world.files, HOOK)).toMatchObject({ changes: [], byHand: [] });
    world.apply(planPnpmUndo(world.files));
    expect(world.files.readText('.pnpmfile.cjs')).toBe('// new\n// below\n');
  });

  it.each([
    ['.pnpmfile.cjs', Buffer.from([0x61, 0xff])],
    ['.pnpmfile.cjs', 'module.exports = {};\r'],
  ])('leaves %s to a person if its bytes could not be given back', (name, text) => {
    world.put(name, text);
    const plan = planPnpm(world.files, HOOK);
    expect(plan.byHand).toEqual([expect.stringContaining(`${name} is left as it is`)]);
    world.apply(plan);
    expect(readFileSync(join(world.root, name))).toEqual(Buffer.from(text));
  });

  it('keeps lines that a person wrote', () => {
    world.put('.pnpmfile.cjs', "module.exports = { ...require('./.tarwarden/pnpmfile.cjs') };\n");
    world.apply(planPnpm(world.files, HOOK));
    expect(planPnpm(world.files, HOOK)).toMatchObject({ changes: [], byHand: [] });
    expect(planPnpmUndo(world.files)).toMatchObject(UNTOUCHED);
  });

  it('says that the checksum in the lockfile is another, until it is not', () => {
    const sum = (text: string): string =>
      `sha256-${createHash('sha256').update(text).digest('base64')}`;
    const lockfile = (text: string): void =>
      void world.put(
        'pnpm-lock.yaml',
        `lockfileVersion: '9.0'\n\npnpmfileChecksum: ${sum(text)}\n`,
      );
    const step = [expect.stringContaining('run "pnpm install --no-frozen-lockfile"')];
    const own = 'module.exports = {};\n';
    world.put('.pnpmfile.cjs', own.replace('\n', '\r\n'));
    lockfile(own);
    const plan = planPnpm(world.files, HOOK);
    expect(plan.byHand).toEqual(step);
    world.apply(plan);
    expect(planPnpm(world.files, HOOK)).toMatchObject({ changes: [], byHand: step });
    lockfile(`${own}${COMPOSED}\n`);
    expect(planPnpm(world.files, HOOK)).toMatchObject({ changes: [], byHand: [] });
    expect(planPnpmUndo(world.files).byHand).toEqual(step);
  });

  it('keeps what was set up by hand, and does not undo it', () => {
    world.apply(planPnpm(world.files, HOOK));
    rmSync(join(world.root, '.tarwarden/SHA512SUMS'));
    expect(planPnpm(world.files, HOOK)).toMatchObject({ changes: [], byHand: [] });
    expect(planPnpmUndo(world.files)).toMatchObject(UNTOUCHED);
  });

  it('takes no files for the hook that are others', () => {
    world.put('.tarwarden/dist/index.cjs', 'evil()');
    expect(planPnpm(world.files, HOOK)).toMatchObject(UNTOUCHED);
    rmSync(join(world.root, '.tarwarden'), { recursive: true });
    world.put('.pnpmfile.cjs', "module.exports = require('./.tarwarden/pnpmfile.cjs')\n");
    expect(planPnpm(world.files, HOOK)).toMatchObject(UNTOUCHED);
  });

  it.each([
    ['leads elsewhere', `${'a'.repeat(128)}  ../package.json\n`],
    ['names a folder above', `${'a'.repeat(128)}  dist/../../package.json\n`],
    ['is empty', ''],
    ['is no list', 'evil()'],
    ['has no end', `${'a'.repeat(128)}  x\n`.repeat(100)],
  ])('believes no list that %s', (_, text) => {
    world.put('package.json', '{}');
    world.put('.tarwarden/SHA512SUMS', text);
    expect(planPnpm(world.files, HOOK)).toMatchObject(UNTOUCHED);
    expect(planPnpmUndo(world.files)).toMatchObject(UNTOUCHED);
  });
});

describe('planPnpmUndo', () => {
  it('does nothing where nothing is', () => {
    world.put('.pnpmfile.cjs', 'module.exports = {};\n');
    expect(planPnpmUndo(world.files)).toMatchObject({ changes: [], byHand: [] });
  });

  it('is refused where a file was changed, and keeps what is beside them', () => {
    world.apply(planPnpm(world.files, HOOK));
    world.put('.tarwarden/dist/index.cjs', 'changed');
    expect(planPnpmUndo(world.files)).toMatchObject(UNTOUCHED);
    world.put('.tarwarden/dist/index.cjs', HOOK.get('index.cjs')!);
    world.put('.tarwarden/mine', 'x');
    world.apply(planPnpmUndo(world.files));
    expect(world.tree().filter((line) => line.includes('.tarwarden'))).toEqual([
      'dir .tarwarden',
      expect.stringContaining('file .tarwarden/mine'),
    ]);
  });

  it.each(['.tarwarden', '.pnpmfile.cjs'])('follows no link at %s', (path) => {
    symlinkSync(dirname(world.root), join(world.root, path));
    expect(() => planPnpm(world.files, HOOK)).toThrow(/it is a link/);
  });
});
