/*
 * Says which client sends a request. A client is an address: that of the connection or, behind a proxy that the operator trusts, the one
 * that this proxy reports. A user whom the registry knows is a client of its own, so that developers behind one address do not share
 * one part. Anybody can invent a token, so a token alone makes no client.
 */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4, type Socket } from 'node:net';
import { plainAddress } from '../serving/client-name.ts';

/** The most addresses of `X-Forwarded-For` that are read, from its end. */
const HOPS_MAX = 32;

/** The networks of proxies whose headers are believed. */
export class TrustedProxies {
  readonly #networks = new BlockList();
  readonly #isEmpty: boolean;

  /**
   * @param networks Addresses and networks: `10.0.0.0/8`, `::1`.
   * @throws RangeError for any other text.
   */
  constructor(networks: readonly string[] = []) {
    this.#isEmpty = networks.length === 0;
    for (const text of networks) {
      const [address = '', prefix, ...more] = text.split('/');
      const bits = isIP(address) === 4 ? 32 : 128;
      const length = prefix === undefined ? bits : Number(prefix);
      const isLength = /^\d{1,3}$/.test(prefix ?? '0') && length <= bits;
      if (isIP(address) === 0 || !isLength || more.length > 0)
        throw new RangeError(`"${text}" is not an address or a network such as 10.0.0.0/8`);
      this.#networks.addSubnet(address, length, familyOf(address));
    }
  }

  /** Whether the connection comes from a trusted proxy, so that its headers are believed. */
  trusts({ remoteAddress }: Pick<Socket, 'remoteAddress'>): boolean {
    return remoteAddress !== undefined && this.#includes(plainAddress(remoteAddress));
  }

  /** The address of the client. */
  addressOf({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string {
    let address = plainAddress(socket.remoteAddress ?? '');
    const { 'x-forwarded-for': forwarded } = headers;
    if (forwarded === undefined) return address;
    const hops = [forwarded].flat().join(',').split(',').slice(-HOPS_MAX).toReversed();
    for (const hop of hops) {
      // Only a trusted proxy knows who has asked it.
      if (!this.#includes(address)) break;
      const next = plainAddress(withoutPort(hop.trim()));
      if (isIP(next) === 0) break;
      address = next;
    }
    return address;
  }

  #includes(address: string): boolean {
    return (
      !this.#isEmpty && isIP(address) !== 0 && this.#networks.check(address, familyOf(address))
    );
  }
}

/** The name under which a user of a registry has a part. No address contains a space. */
export function userClient(registry: string, user: string): string {
  return `user ${registry} ${user}`;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}

/** Some proxies add the port: `192.0.2.1:80`, `[2001:db8::1]:80`. */
function withoutPort(hop: string): string {
  return hop.replace(/^\[([^\]]*)\](?::\d+)?$/, '$1').replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1');
}
