import { expect, it } from 'vitest';
import { acceptsGzip } from '../../../../packages/server/src/gateway/accepted-encoding.ts';

it.each([
  ['gzip', true],
  ['gzip, deflate, br', true],
  ['br;q=1.0, gzip;q=0.8, *;q=0.1', true],
  ['GZIP ; Q=0.001', true],
  ['x-gzip', true],
  ['*', true],
  ['gzip;q=1', true],
  ['gzip;q=0', false],
  ['gzip; q=0.000', false],
  ['gzip;q=0, *', false],
  ['*;q=0', false],
  ['*;q=0, gzip', true],
  ['identity', false],
  ['br', false],
  ['not-gzip', false],
  ['gzip2', false],
  ['gzip;q=x', false],
  ['', false],
  [undefined, false],
])('a client that says %j takes gzip: %s', (header, expected) => {
  expect(acceptsGzip(header)).toBe(expected);
});
