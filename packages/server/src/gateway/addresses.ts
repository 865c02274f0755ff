/* Recognises addresses that a registry's redirect may not lead to. */
import { lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';

// One list for each version: a list matches an IPv4 address against IPv6 ranges that it is mapped to.
const PRIVATE_4 = new BlockList();
const PRIVATE_6 = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  PRIVATE_4.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE_6.addSubnet(net, bits, 'ipv6');

/** Whether an address belongs to this machine or to a private network. */
export function isPrivateAddress(address: string): boolean {
  const [plain = ''] = address.split('%', 1);
  switch (isIP(plain)) {
    case 4:
      return PRIVATE_4.check(plain, 'ipv4');
    case 6:
      return PRIVATE_6.check(plain, 'ipv6');
    default:
      return true;
  }
}

/**
 * Whether a host can be a public one, as far as its name shows. Behind a proxy, only the proxy knows the address of a name.
 * @param host The host of an address, as `URL` writes it.
 */
export function mayBePublic(host: string): boolean {
  const name = host.replace(/\.$/, '');
  if (name.startsWith('[') || isIP(name) !== 0 || !name.includes('.')) return false;
  return !/\.(?:localhost|local|internal|lan|home\.arpa)$/i.test(name);
}

/** Looks up a name, and fails unless all its addresses are public: a registry's redirect must not lead into the gateway's own network. */
export const publicLookup: typeof lookup = ((
  host: string,
  options: { readonly all?: boolean },
  callback: (error: Error | null, ...found: unknown[]) => void,
) => {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error);
    if (addresses.some(({ address }) => isPrivateAddress(address)))
      return callback(new Error(`${host} is in a private network`));
    if (options.all === true) return callback(null, addresses);
    return callback(null, addresses[0]!.address, addresses[0]!.family);
  });
}) as never;
