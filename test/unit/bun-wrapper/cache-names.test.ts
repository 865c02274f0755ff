import { describe, expect, it } from 'vitest';
import {
  archiveFolder,
  cacheNames,
  wyhash,
} from '../../../packages/bun-wrapper/src/cache-names.ts';

describe('wyhash', () => {
  it.each([
    ['rc.1', '6b6f27d79dec3201'],
    ['b.1', '424e16d9d6e2c600'],
    ['http://127.0.0.1:39865/', '1c3c4d26971fe4a4'],
    ['http://127.0.0.1:39865', '245d3f0bda10de61'],
  ])('of %s is what bun 1.4.5 names folders by', (text, expected) => {
    expect(wyhash(text).toString(16)).toBe(expected);
  });

  it('has a value for every length, also of several blocks', () => {
    const all = Array.from({ length: 100 }, (_, length) => wyhash('x'.repeat(length)));
    expect(new Set(all).size).toBe(100);
    for (const one of all) expect(one < 2n ** 64n).toBe(true);
  });
});

describe('cacheNames', () => {
  it('are without the registry for npm, and with its host and hash, with none to two slashes at its end', () => {
    const two = wyhash('http://127.0.0.1:39865//').toString(16).padStart(16, '0');
    const names = [
      'good@1.0.0@@@1',
      'good@1.0.0@@127.0.0.1__1c3c4d26971fe4a4@@@1',
      'good@1.0.0@@127.0.0.1__245d3f0bda10de61@@@1',
      `good@1.0.0@@127.0.0.1__${two}@@@1`,
    ];
    for (const registry of ['http://127.0.0.1:39865/', 'http://127.0.0.1:39865'])
      expect(new Set(cacheNames('good', '1.0.0', [registry]))).toEqual(new Set(names));
  });

  it('have the address as it is written, where that ends otherwise', () => {
    const [, first] = cacheNames('a', '1.0.0', ['http://r.example/npm///']);
    expect(first).toBe(`a@1.0.0@@r.example__${wyhash('http://r.example/npm///').toString(16)}@@@1`);
  });

  it('have a hash for what is behind a hyphen and a plus, in lower and upper case', () => {
    expect(cacheNames('@sc/dep', '1.0.0-rc.1+b.1', [])).toEqual([
      '@sc/dep@1.0.0-6b6f27d79dec3201+424E16D9D6E2C600@@@1',
    ]);
  });

  it('cut long hosts, and pass over what is no address', () => {
    const names = cacheNames('a', '1.0.0', ['https://registry.example.test/npm/', 'no address']);
    expect(names).toHaveLength(4);
    expect(names[1]).toMatch(/^a@1\.0\.0@@registry\.exa__[0-9a-f]{16}@@@1$/);
  });
});

it('an archive is named by the first half of a quarter of its SHA-512', () => {
  expect(archiveFolder('ab'.repeat(64))).toBe(`@T@sha512-${'ab'.repeat(16)}@@@1`);
});
