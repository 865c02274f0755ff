import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  collisionFree,
  fileHasIntegrity,
  hasIntegrity,
  integrityOf,
  sha512Of,
} from '../../../../packages/guard/src/index.ts';

const one = integrityOf(Buffer.from('one'));
const other = integrityOf(Buffer.from('other'));
const weak = `sha1-${Buffer.alloc(20).toString('base64')}`;

describe('collisionFree', () => {
  it.each([one, ` ${one}\n`, `${weak} ${one}`, `${one}?option`])(
    'is the one hash of %j',
    (text) => {
      expect(collisionFree(text)).toBe(one);
    },
  );

  it.each<[string, string]>([
    ['two', `${one} ${other}`],
    ['a second one behind many', [one, ...Array<string>(15).fill(weak), other].join(' ')],
    ['a second one behind a space of Rust', `${one}?\u0085${other}`],
    ['a second one behind a character that ends a text in C', `${one}?\u0000${other}`],
    ['only a SHA-1', weak],
    ['nothing', ''],
  ])('is none of %s', (_, text) => {
    expect(collisionFree(text)).toBeUndefined();
    expect(sha512Of(text)).toBeUndefined();
  });
});

it.each([
  `${one}junk`,
  one.replace('sha512-', 'sha512-!'),
  one.slice(0, -2),
  one.replace(/.==$/, '/=='),
])('a SHA-512 that is not base64 as it is written, %j, is none', (text) => {
  expect(sha512Of(one)).toMatch(/^[0-9a-f]{128}$/);
  expect(sha512Of(text)).toBeUndefined();
});

it('of a file is that of its bytes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'integrity-'));
  const file = join(folder, 'one');
  writeFileSync(file, 'one');
  const sha1 = `sha1-${createHash('sha1').update('one').digest('base64')}`;
  const answers: [string, boolean][] = [
    [one, true],
    [sha1, true],
    [`${other} ${one}`, true],
    [`${other} ${sha1}`, false],
    [weak, false],
    ['md5-x', false],
  ];
  for (const [integrity, answer] of answers) {
    expect([integrity, await fileHasIntegrity(file, integrity)]).toEqual([integrity, answer]);
    expect(hasIntegrity(Buffer.from('one'), integrity)).toBe(answer);
  }
  rmSync(folder, { recursive: true });
});
