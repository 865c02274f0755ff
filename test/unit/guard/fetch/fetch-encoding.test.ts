import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { tarballOf } from '../../../../packages/guard/src/fetch/fetch-encoding.ts';
import { integrityOf } from '../../../../packages/guard/src/fetch/integrity.ts';
import { tgz } from '../../../support/pkg.ts';

const tarball = tgz();
const integrity = integrityOf(tarball);

it.each([undefined, 'identity', 'unheard-of'])('leaves bytes alone under %s', (encoding) => {
  expect(tarballOf({ bytes: tarball, encoding }, integrity)).toBe(tarball);
});

it('takes the bytes as they came where the header is of the file itself', () => {
  const answer = { bytes: tarball, encoding: 'gzip' };
  expect(tarballOf(answer, integrity)).toBe(tarball);
  expect(tarballOf(answer, undefined)).toBe(tarball);
});

it.each([
  ['gzip', gzipSync(tarball)],
  ['X-GZIP', gzipSync(tarball)],
  ['deflate', deflateSync(tarball)],
  ['br', brotliCompressSync(tarball)],
])('decodes what %s was added to', (encoding, bytes) => {
  expect(tarballOf({ bytes, encoding }, integrity)).toEqual(tarball);
  expect(tarballOf({ bytes, encoding }, undefined)).toEqual(tarball);
});

it('unpacks no bomb, and nothing that is broken', () => {
  const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
  expect(tarballOf({ bytes: bomb, encoding: 'gzip' }, integrity)).toBe(bomb);
  const cut = gzipSync(tarball).subarray(0, 40);
  expect(tarballOf({ bytes: cut, encoding: 'gzip' }, integrity)).toBe(cut);
});
