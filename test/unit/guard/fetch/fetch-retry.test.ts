import { expect, it } from 'vitest';
import {
  isUntrusted,
  pausesOf,
  StatusError,
} from '../../../../packages/guard/src/fetch/fetch-retry.ts';

it('waits as the managers do', () => {
  expect(pausesOf({})).toEqual([10_000, 60_000]);
  const settings = { retries: 4, retryFactor: 2, retryMinTimeout: 5, retryMaxTimeout: 25 };
  expect(pausesOf(settings)).toEqual([5, 10, 20, 25]);
  expect(pausesOf({ retries: 0 })).toEqual([]);
  expect(pausesOf({ retries: -1 })).toEqual([]);
});

it.each([
  [401, true],
  [403, true],
  [404, true],
  [408, false],
  [410, false],
  [429, false],
  [500, false],
])('%i ends it: %s', (status, final) => {
  expect(new StatusError(status, '').isFinal).toBe(final);
});

it.each([
  ['SELF_SIGNED_CERT_IN_CHAIN', true],
  ['ERR_TLS_CERT_ALTNAME_INVALID', true],
  ['ECONNRESET', false],
  ['EPROTO', false],
  [undefined, false],
])('%s is of a certificate that is not trusted: %s', (code, untrusted) => {
  const error = Object.assign(new Error('failed'), { code });
  expect(isUntrusted(error)).toBe(untrusted);
  expect(isUntrusted(new Error('around it', { cause: error }))).toBe(untrusted);
});
