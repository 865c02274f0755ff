import { randomFillSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PREFACE } from '../../../packages/core/src/archive/tar/preface.ts';
import type { Identity } from '../../../packages/npm-wrapper/src/identity.ts';
import { Inspector, notInspected } from '../../../packages/npm-wrapper/src/inspector.ts';
import { placeOf } from '../../../packages/npm-wrapper/src/judging.ts';
import { attack } from '../../support/attacks.ts';
import { pkg, tgz } from '../../support/pkg.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tarwarden-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const inspector = (): Inspector =>
  new Inspector({ project: root, env: { XDG_CONFIG_HOME: root, XDG_CACHE_HOME: root } });
const bad = attack('symlink').build({ name: 'bad' });

describe('Inspector', () => {
  test('accepts a clean package, under its own name', () => {
    const expected = [{ name: 'fixture', version: '1.0.0' }];
    expect(inspector().judge(tgz(), { expected })).toBeUndefined();
  });

  test('refuses with the claimed name where none was promised', () => {
    const refused = inspector().judge(bad, { source: 'file:bad.tgz', expected: [] });
    expect(refused?.subject).toBe('bad@1.0.0');
    expect(refused?.reasons).toEqual([expect.stringMatching(/^symlink: package\/link: /)]);
    expect(refused?.remedies).toEqual([expect.stringMatching(/^symlink: /)]);
    expect(refused?.message).toContain('file:bad.tgz');
  });

  test('remembers what it accepted, and under which name', () => {
    const one = inspector();
    const bytes = tgz();
    const as = (name: string): object | undefined => one.judge(bytes, { expected: [{ name }] });
    expect(as('fixture')).toBeUndefined();
    expect(as('fixture')).toBeUndefined();
    expect(as('other')).toMatchObject({
      reasons: [expect.stringMatching(/^manifest-name-mismatch/)],
    });
    expect(one.judge(bad, { expected: [] })).toBeDefined();
    expect(one.judge(bad, { expected: [] })).toBeDefined();
  });

  test('gives out what accepted bytes unpack to, once', () => {
    const one = inspector();
    const bytes = tgz();
    expect(one.judge(bytes, { expected: [] })).toBeUndefined();
    expect(one.takeTar(bytes)).toEqual(Buffer.concat([PREFACE, pkg()]));
    expect(one.takeTar(bytes)).toBeUndefined();
    // Remembered, so not unpacked again.
    expect(one.judge(bytes, { expected: [] })).toBeUndefined();
    expect(one.takeTar(bytes)).toBeUndefined();
  });

  test.each<[string, Buffer, Identity[]]>([
    ['are refused', bad, []],
    ['are refused under one of their names', tgz(), [{ version: '1.0.0' }, { version: '2.0.0' }]],
  ])('gives out nothing of bytes that %s', (_, bytes, expected) => {
    const one = inspector();
    expect(one.judge(bytes, { expected })).toBeDefined();
    expect(one.takeTar(bytes)).toBeUndefined();
  });

  test('keeps only so many unpacked bytes at a time', () => {
    const one = inspector();
    const [first, second, third] = ['a', 'b', 'c'].map((letter) =>
      tgz({ files: { big: randomFillSync(Buffer.alloc(50 << 20, letter), 0, 1 << 20) } }),
    ) as [Buffer, Buffer, Buffer];
    for (const bytes of [first, second, third]) {
      expect(one.judge(bytes, { expected: [] })).toBeUndefined();
    }
    expect(one.takeTar(third)).toBeUndefined();
    expect(one.takeTar(first)).toBeDefined();
    expect(one.takeTar(second)).toBeDefined();
  });

  test('holds bytes to every identity that was promised', () => {
    const expected = [{ version: '1.0.0' }, { version: '2.0.0' }];
    const refused = inspector().judge(tgz(), { expected });
    expect(refused?.reasons).toEqual([expect.stringMatching(/^manifest-version-mismatch/)]);
  });

  test('shows no credentials and no escapes', () => {
    const source = 'https://user:secret@registry.example/\u001b[2Jbad.tgz';
    const refused = inspector().judge(bad, { label: source, source, expected: [] });
    expect(`${refused?.subject}${refused?.message}`).not.toMatch(/secret|\u001b/);
    expect(notInspected({ source, expected: [] }, 'too long').message).not.toMatch(/secret|\u001b/);
  });

  test('reads the policy of the project only where it may speak', () => {
    writeFileSync(join(root, 'tarwarden.json'), '{"nonsense": 1}');
    const env = { XDG_CONFIG_HOME: root };
    expect(inspector).toThrow(/tarwarden\.json/);
    expect(() => new Inspector({ env })).not.toThrow();
  });
});

describe('placeOf', () => {
  const env = { npm_config_local_prefix: '/work/project' };

  test('is the project for what goes into it', () => {
    expect(placeOf({ opts: { npmCommand: 'install' } }, env)).toEqual({
      env,
      project: '/work/project',
    });
  });

  test.each([
    ['a global install', { opts: { global: true } }, env],
    ['npx', { opts: { npmCommand: 'exec' } }, env],
    ['npm init', { opts: { npmCommand: 'init' } }, env],
    ['a git dependency in preparation', {}, { ...env, _PACOTE_NO_PREPARE_: 'git+…' }],
    ['a package in node_modules', {}, { npm_config_local_prefix: '/p/node_modules/x' }],
    ['an unknown project', {}, {}],
  ])('is nobody’s for %s', (_, fetcher, environment) => {
    expect(placeOf(fetcher, environment)).toEqual({ env: environment });
  });
});
