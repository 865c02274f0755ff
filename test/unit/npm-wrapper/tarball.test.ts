import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Tarball } from '../../../packages/npm-wrapper/src/tarball.ts';

const [one, two] = [Buffer.from('one'), Buffer.from('two')];

function of(...pieces: readonly Buffer[]): Tarball {
  const tarball = new Tarball();
  for (const piece of pieces) tarball.add(piece);
  return tarball;
}

describe('a tarball in pieces', () => {
  test('has the SHA-512 of them all', () => {
    const sum = createHash('sha512').update('onetwo').digest('base64');
    expect([of(one, two).integrity, of(Buffer.from('onetwo')).integrity]).toEqual(
      Array(2).fill(`sha512-${sum}`),
    );
    expect(of(one, two)).toHaveLength(6);
    expect(of().integrity).toBe(`sha512-${createHash('sha512').digest('base64')}`);
  });

  test('takes nothing more once the hash was asked for', () => {
    const tarball = of(one);
    const { integrity } = tarball;
    expect(() => tarball.add(two)).toThrow();
    expect(tarball.integrity).toBe(integrity);
    expect(tarball.isMadeOf([one])).toBe(true);
  });

  test('is its pieces until somebody asks for the whole, which is one buffer', () => {
    const tarball = of(one, two);
    expect(tarball.pieces).toEqual([one, two]);
    const whole = tarball.whole();
    expect(whole.toString()).toBe('onetwo');
    expect(tarball.whole()).toBe(whole);
    expect(tarball.pieces).toEqual([whole]);
    expect(of(one).whole()).toBe(one);
    expect(of().whole()).toHaveLength(0);
  });

  test('is made of its very buffers, all of them, in order', () => {
    const tarball = of(one, two);
    expect(tarball.isMadeOf([one, two])).toBe(true);
    for (const others of [[two, one], [one], [one, two, two], [one, Buffer.from(two)], []])
      expect(tarball.isMadeOf(others)).toBe(false);
    tarball.whole();
    expect(tarball.isMadeOf([one, two])).toBe(false);
    expect(tarball.isMadeOf([tarball.whole()])).toBe(true);
  });
});
