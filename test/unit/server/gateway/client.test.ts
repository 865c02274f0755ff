/* Which client a request counts for: its address, as far as it can be believed. */
import { describe, expect, it } from 'vitest';
import {
  addressClient,
  connectionClient,
} from '../../../../packages/server/src/serving/client-name.ts';
import { TrustedProxies } from '../../../../packages/server/src/gateway/client.ts';

function addressOf(trusted: readonly string[], from: string, forwarded?: string): string {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  const socket = { remoteAddress: from } as never;
  return new TrustedProxies(trusted).addressOf({ socket, headers });
}

describe('the address of a client', () => {
  it.each([
    ['nobody is trusted', [], '192.0.2.1', '198.51.100.7', '192.0.2.1'],
    ['there is no header', ['192.0.2.1'], '192.0.2.1', undefined, '192.0.2.1'],
    ['a trusted proxy', ['192.0.2.1'], '192.0.2.1', '198.51.100.7', '198.51.100.7'],
    [
      'what a client invents before it',
      ['192.0.2.1'],
      '192.0.2.1',
      '10.9.9.9, 198.51.100.7',
      '198.51.100.7',
    ],
    [
      'several trusted proxies',
      ['10.0.0.0/8'],
      '10.0.0.1',
      '198.51.100.7, 10.0.0.2',
      '198.51.100.7',
    ],
    ['only trusted ones', ['10.0.0.0/8'], '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['no address', ['10.0.0.0/8'], '10.0.0.1', 'unknown', '10.0.0.1'],
    [
      'no address in the middle',
      ['10.0.0.0/8'],
      '10.0.0.1',
      '198.51.100.7, x, 10.0.0.2',
      '10.0.0.2',
    ],
    ['a port', ['10.0.0.0/8'], '10.0.0.1', '198.51.100.7:1234', '198.51.100.7'],
    ['IPv6 with a port', ['::1'], '::1', '[2001:db8::1]:1234', '2001:db8::1'],
    [
      'IPv4 on a socket for both',
      ['10.0.0.0/8'],
      '::ffff:10.0.0.1',
      '198.51.100.7',
      '198.51.100.7',
    ],
    ['an address near a network', ['10.0.0.0/30'], '10.0.0.4', '198.51.100.7', '10.0.0.4'],
  ])('%s', (_, trusted, from, forwarded, expected) => {
    expect(addressOf(trusted, from, forwarded)).toBe(expected);
  });

  it('is found in a header without an end', () => {
    const hops = Array.from({ length: 10_000 }, () => '10.0.0.2').join();
    expect(addressOf(['10.0.0.0/8'], '10.0.0.1', hops)).toBe('10.0.0.2');
  });

  it.each([
    '',
    '10.0.0.0/',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/8/8',
    'example.com',
    '10.0.0.0/-1',
    '10.0.0.0/1e1',
  ])('is not taken from the network %j', (network) => {
    expect(() => new TrustedProxies([network])).toThrow(RangeError);
  });
});

describe('a client', () => {
  it('has a whole /64 of IPv6 and one address of IPv4', () => {
    expect(addressClient('192.0.2.1')).toBe('192.0.2.1');
    const same = ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::1', '2001:0DB8:0001:2:ffff::'];
    expect(new Set(same.map(addressClient))).toEqual(new Set(['2001:db8:1:2::/64']));
    expect(addressClient('::1')).toBe('0:0:0:0::/64');
    expect(addressClient('2001:db8::')).toBe('2001:db8:0:0::/64');
    expect(connectionClient({ remoteAddress: 'fe80::1%eth0' })).toBe('fe80:0:0:0::/64');
    expect(connectionClient({ remoteAddress: '::ffff:192.0.2.1' })).toBe('192.0.2.1');
  });
});
