import { randomFillSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PREFACE } from '../../../packages/core/src/containers/tar/preface.ts';
import type { Identity } from '../../../packages/npm-wrapper/src/identity.ts';
import { Inspector, notInspected } from '../../../packages/npm-wrapper/src/inspector.ts';
import { attack } from '../../support/attacks.ts';
import { pkg, tgz } from '../../support/pkg.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tarwarden-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** With a cache of its own: what the user's remembers would be judged no more. */
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
    const env = { XDG_CONFIG_HOME: root, XDG_CACHE_HOME: root };
    expect(inspector).toThrow(/tarwarden\.json/);
    expect(() => new Inspector({ env })).not.toThrow();
  });
});
