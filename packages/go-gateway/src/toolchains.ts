/* Toolchains that go has unpacked into its module cache, because a go.mod asked for them. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TOOLCHAIN } from './module-path.ts';

const SYSTEMS: Readonly<Record<string, string>> = { win32: 'windows' };
const MACHINES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };
/** Where a release candidate stands, and a version of the language, which is before all of its releases. */
const KINDS = ['', 'beta', 'rc'];

type Version = readonly number[];

/** Parts that compare one by one; undefined for what is not a version of go. */
export function parseGoVersion(text: string): Version | undefined {
  const [, major, minor, patch, kind = '', number = 0] =
    /^(\d+)\.(\d+)(?:\.(\d+))?(?:(beta|rc)(\d+))?$/.exec(text) ?? [];
  if (major === undefined) return undefined;
  const stage = patch === undefined ? KINDS.indexOf(kind) : KINDS.length;
  return [major, minor, stage, patch ?? number].map(Number);
}

export function isAtLeast(version: Version, least: Version): boolean {
  const at = version.findIndex((part, index) => part !== least[index]);
  return at < 0 || version[at]! > least[at]!;
}

/** The version that go says it would need; undefined where it says something else. */
export function neededVersion(message: string): string | undefined {
  return /requires go >= (\S+) \(running go \S+; GOTOOLCHAIN=local\)/.exec(message)?.[1];
}

/** The program of the oldest toolchain in the module cache that is new enough, for this machine. */
export function unpackedToolchain(modcache: string, needed: string): string | undefined {
  const least = parseGoVersion(needed);
  if (least === undefined) return undefined;
  const machine = `${SYSTEMS[process.platform] ?? process.platform}-${MACHINES[process.arch] ?? process.arch}`;
  const [host, name] = TOOLCHAIN.split('/') as [string, string];
  const prefix = `${name}@v0.0.1-go`;
  const found = namesIn(join(modcache, host)).flatMap((folder) => {
    if (!folder.startsWith(prefix) || !folder.endsWith(`.${machine}`)) return [];
    const version = parseGoVersion(folder.slice(prefix.length, -machine.length - 1));
    const file = join(
      modcache,
      host,
      folder,
      'bin',
      process.platform === 'win32' ? 'go.exe' : 'go',
    );
    return version !== undefined && hasRun(file) && isAtLeast(version, least)
      ? [{ version, file }]
      : [];
  });
  return found.toSorted((a, b) => (isAtLeast(a.version, b.version) ? 1 : -1))[0]?.file;
}

/** go makes a toolchain executable when it first starts it. */
function hasRun(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() === true && (process.platform === 'win32' || (stat.mode & 0o111) !== 0);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
