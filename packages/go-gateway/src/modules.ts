/** How go finds module zips: for whoever inspects them without running go. */
export { Credentials } from './credentials.ts';
export { downloadFolder } from './module-cache.ts';
export { escapePath, matchesPatterns, parseRequest, TOOLCHAIN } from './module-path.ts';
export { parseProxyList, walk, type Answer } from './proxy-list.ts';
export { roomIn } from './room.ts';
export { Upstream } from './upstream.ts';
