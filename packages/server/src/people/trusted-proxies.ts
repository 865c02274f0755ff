/* The proxies whose headers are believed, by the address of the connection. */
import { BlockList, isIP } from 'node:net';

/** IPv4 in IPv6, as a server that listens on both shows it. */
const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

export class TrustedProxies {
  readonly #list = new BlockList();

  /**
   * @param ranges Addresses, or networks such as `10.0.0.0/8`.
   * @throws RangeError for a text that is neither.
   */
  constructor(ranges: readonly string[]) {
    for (const range of ranges) this.#add(range);
  }

  includes(address: string | undefined): boolean {
    if (address === undefined) return false;
    const plain = MAPPED.exec(address)?.[1] ?? address;
    const version = isIP(plain);
    return version !== 0 && this.#list.check(plain, version === 6 ? 'ipv6' : 'ipv4');
  }

  #add(range: string): void {
    const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
    const version = isIP(address);
    const bits = version === 6 ? 128 : 32;
    const prefix = length === undefined ? bits : Number(length);
    if (version === 0 || prefix > bits)
      throw new RangeError(`"${range}" is no address and no network such as 10.0.0.0/8`);
    this.#list.addSubnet(address, prefix, version === 6 ? 'ipv6' : 'ipv4');
  }
}
