import { isIP, type Socket } from 'node:net';

/** The name under which an address has its part: one subscriber has a whole /64 of IPv6. */
export function addressClient(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  const groups = [...before, ...zeros, ...after].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** The client of a connection, for what happens before a request. */
export function connectionClient({ remoteAddress = '' }: Pick<Socket, 'remoteAddress'>): string {
  return addressClient(plainAddress(remoteAddress));
}

/** IPv4 addresses have one form, also on a socket for both families. An IPv6 address has no zone. */
export function plainAddress(address: string): string {
  return address.replace(/%.*$/s, '').replace(/^::ffff:(?=\d+\.)/i, '');
}

/** Host names of this machine, as URL writes them. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether a host name, as URL writes it, belongs to this machine. */
export function isLoopbackName(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}
