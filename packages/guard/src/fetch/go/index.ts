/** How go finds and downloads module zips, for the guard of go, the audit and the registry gateway. */
export { ChildPrograms } from './children.ts';
export {
  Credentials,
  GoAuthError,
  type GoAuthentication,
  type GoAuthMethod,
} from './credentials.ts';
export {
  downloadFolder,
  escapePath,
  isDatabasePath,
  matchesPatterns,
  parseRequest,
  TOOLCHAIN,
  unescapePath,
  type ModuleRequest,
  type ModuleVersion,
} from './module-path.ts';
export { parseProxyList, walk, type ModuleProxyAnswer, type ProxyEntry } from './proxy-list.ts';
export { NotRegularFileError, readRegularFile, type RegularFileOptions } from './regular-file.ts';
export { memoryOf, Upstream, type ReserveMemory } from './upstream.ts';
