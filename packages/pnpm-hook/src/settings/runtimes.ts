/*
 * The runtimes that pnpm itself provides: Node, Deno, Bun. Their projects publish them as archives with links, and the guard does not
 * inspect them. It lets a runtime pass only if the URL is the one that pnpm's own resolver would write for this version. The repository
 * writes the lockfile, so a name, a type or an integrity in it proves nothing.
 */
import type { PnpmResolution } from '../pnpm-shapes.ts';

const VERSION = /^\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/;
const INTEGRITY = /^sha(?:256|384|512)-[A-Za-z0-9+/]+={0,2}$/;
/** One word of a file name: no slash, no `..`. */
const WORD = /^\w(?:[\w-]|\.(?!\.))*$/;

/** The folder of each channel of Node. pnpm uses the unofficial builds only for musl. */
const NODE = /^https:\/\/nodejs\.org\/download\/(?:release|rc|nightly|test|v8-canary)\/$/;
const MUSL = 'https://unofficial-builds.nodejs.org/download/release/';

/** Download mirrors by channel. */
export type Mirrors = Readonly<Record<string, string>>;

/** Whether a resolution of type `binary` or `variations` under this key is a runtime from its own project's host. */
export function isKnownRuntime(
  id: string,
  resolution: PnpmResolution,
  mirrors: Mirrors = {},
): boolean {
  const [, name = '', version = ''] = /^(node|deno|bun)@runtime:(.+)/s.exec(id) ?? [];
  if (!VERSION.test(version)) return false;
  const { type, variants } = resolution;
  if (type !== 'variations') return isKnownArchive(resolution, { name, version, mirrors });
  return (
    Array.isArray(variants) &&
    variants.length > 0 &&
    variants.every((variant) =>
      isKnownArchive(variant.resolution ?? {}, { name, version, mirrors }),
    )
  );
}

interface Runtime {
  readonly name: string;
  readonly version: string;
  readonly mirrors: Mirrors;
}

function isKnownArchive(
  { type, url, integrity, bin, prefix }: PnpmResolution,
  runtime: Runtime,
): boolean {
  if (type !== 'binary' || typeof url !== 'string' || typeof integrity !== 'string') return false;
  if (!INTEGRITY.test(integrity) || !isPlainBin(bin)) return false;
  if (prefix !== undefined && !(typeof prefix === 'string' && WORD.test(prefix))) return false;
  const slash = url.lastIndexOf('/') + 1;
  return isRuntimeUrl(url.slice(0, slash), url.slice(slash), runtime);
}

function isRuntimeUrl(folder: string, file: string, { name, version, mirrors }: Runtime): boolean {
  if (!WORD.test(file)) return false;
  if (name === 'deno')
    return (
      folder === `https://github.com/denoland/deno/releases/download/v${version}/` &&
      /^deno-[\w-]+\.zip$/.test(file)
    );
  if (name === 'bun')
    return (
      folder === `https://github.com/oven-sh/bun/releases/download/bun-v${version}/` &&
      /^bun-[\w-]+\.zip$/.test(file)
    );
  if (!file.startsWith(`node-v${version}-`) || !/\.(?:tar\.gz|zip)$/.test(file)) return false;
  if (!folder.endsWith(`/v${version}/`)) return false;
  const base = folder.slice(0, -`v${version}/`.length);
  if (NODE.test(base)) return true;
  if (base === MUSL) return file.includes('-musl.');
  return Object.values(mirrors).some((mirror) => base === mirror.replace(/\/?$/, '/'));
}

/** One path below the runtime, or several by command. */
function isPlainBin(bin: unknown): boolean {
  const paths = typeof bin === 'object' && bin !== null ? Object.entries(bin).flat() : [bin];
  return paths.every(
    (path) => typeof path === 'string' && path.split('/').every((part) => WORD.test(part)),
  );
}
