/* HTTP_PROXY, HTTPS_PROXY and NO_PROXY, as golang.org/x/net/http/httpproxy reads them. npm's agent reads them differently. */
import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';

const SCHEMES = new Set(['http:', 'https:', 'socks5:', 'socks5h:']);
/** Entries of NO_PROXY; later ones are ignored. */
const MAX_ENTRIES = 10_000;

/**
 * The forward proxy for a URL, or undefined for a direct connection.
 * @throws if the variable does not name a proxy. The message omits the address, which may contain a password.
 */
export function forwardProxyFor(url: URL, env: NodeJS.ProcessEnv): URL | undefined {
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxyText = variableText(env, name);
  if (proxyText === '' || !isProxied(url, variableText(env, 'NO_PROXY'))) return undefined;
  // In a CGI program, a client can set this variable by sending the header `Proxy`.
  if (name === 'HTTP_PROXY' && (env['REQUEST_METHOD'] ?? '') !== '')
    throw new Error('HTTP_PROXY is not used in a CGI environment (REQUEST_METHOD is set)');
  const text = /^[a-z][a-z\d+.-]*:\/\/./i.test(proxyText) ? proxyText : `http://${proxyText}`;
  if (!URL.canParse(text) || !SCHEMES.has(new URL(text).protocol))
    throw new Error(`${name} is not the address of a proxy`);
  return new URL(text);
}

function variableText(env: NodeJS.ProcessEnv, name: string): string {
  return env[name] || env[name.toLowerCase()] || '';
}

function isProxied(url: URL, noProxy: string): boolean {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (host === 'localhost' || isLoopback(host)) return false;
  const entries = noProxy.split(',', MAX_ENTRIES).map((entry) => entry.trim().toLowerCase());
  const isExcepted = isIP(host) === 0 ? matchesName : matchesAddress;
  return !entries.some((entry) => entry === '*' || isExcepted(entry, host, port));
}

function isLoopback(host: string): boolean {
  return isIP(host) !== 0 && isInNetworks(host, ['127.0.0.0', 8], ['::1', 128]);
}

/** Whether an address is in one of the networks. This includes an IPv4 address written as an IPv6 one. */
function isInNetworks(host: string, ...networks: readonly (readonly [string, number])[]): boolean {
  const list = new BlockList();
  for (const [network, bits] of networks)
    list.addSubnet(network, bits, isIP(network) === 6 ? 'ipv6' : 'ipv4');
  return list.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}

function matchesAddress(entry: string, host: string, port: string): boolean {
  const [, network = '', bits = ''] = /^([\da-f:.]+)\/(\d{1,3})$/.exec(entry) ?? [];
  const maxBits = { 0: -1, 4: 32, 6: 128 }[isIP(network)] ?? -1;
  if (maxBits >= 0) return Number(bits) <= maxBits && isInNetworks(host, [network, Number(bits)]);
  const { host: address, port: entryPort } = splitPort(entry);
  const version = isIP(address);
  if (version === 0 || !(entryPort === '' || entryPort === port)) return false;
  return isInNetworks(host, [address, version === 6 ? 128 : 32]);
}

/** `name` matches that host and all hosts below it; `.name` and `*.name` match only the hosts below. */
function matchesName(entry: string, host: string, port: string): boolean {
  const { host: name, port: entryPort } = splitPort(entry);
  if (name === '' || !(entryPort === '' || entryPort === port)) return false;
  const parent = /^(?:\*?\.)(.+)$/.exec(name)?.[1];
  const ascii = domainToASCII(parent ?? name) || (parent ?? name);
  return host.endsWith(`.${ascii}`) || (parent === undefined && host === ascii);
}

function splitPort(entry: string): { readonly host: string; readonly port: string } {
  const [, bracketed, name = '', port = ''] =
    /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(entry) ?? [];
  if (bracketed === undefined && name === '')
    return { host: entry.startsWith(':') ? '' : entry, port: '' };
  return { host: bracketed ?? name, port };
}
