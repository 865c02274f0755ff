/*
 * pnpm unpacks config dependencies before it loads a pnpmfile, so no hook can inspect them first. So this file inspects the tarball of
 * each, and compares the unpacked folder with the tarball, before pnpm resolves or runs anything else. A folder that differs is
 * removed. If it is a plugin, pnpm may have run it already, and the message says so.
 */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { realOrSame, tarballUrl } from '@tarwarden/host';
import type { Hook } from '../hook.ts';
import { HookError, reasonOf, notInspectedError } from '../messages.ts';
import type { PnpmConfig } from '../pnpm-shapes.ts';
import { registrySource, type PnpmSource } from '../source.ts';

const TEXT_BYTES_MAX = 64 * 1024 * 1024;

/** Matches the path of a package below the store of pnpm 11 and 12: the folder with the package and its dependencies, and its name. */
const LINKED =
  /^(.+[\\/]links[\\/]@[^\\/]*[\\/][^\\/]+[\\/][^\\/]+[\\/][0-9a-f]{32,128}[\\/]node_modules)[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)$/;

interface Unpacked {
  readonly name: string;
  readonly folder: string;
}

/**
 * Inspects the packages in `node_modules/.pnpm-config`.
 * @throws HookError if one is refused or differs from its tarball. Such a folder is removed.
 */
export async function inspectConfigDependencies(
  config: PnpmConfig,
  hook: Pick<Hook, 'guard' | 'refusals' | 'session'>,
): Promise<void> {
  const root = [config['lockfileDir'], config['rootProjectManifestDir'], config['workspaceDir']]
    .concat(config['dir'])
    .find((folder) => typeof folder === 'string');
  if (root === undefined) return;
  const results = await Promise.allSettled(
    withNeeded(unpackedIn(join(root, 'node_modules/.pnpm-config'))).map((dependency) =>
      inspect(dependency, { root, config, hook }),
    ),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed === undefined) return;
  throw failed.reason;
}

function unpackedIn(parent: string, scope = ''): Unpacked[] {
  let names: string[];
  try {
    names = readdirSync(join(parent, scope));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    if (scope === '' && name.startsWith('@')) return unpackedIn(parent, name);
    const full = scope === '' ? name : `${scope}/${name}`;
    const folder = join(parent, full);
    return isOurs(folder) ? [] : [{ name: full, folder }];
  });
}

/** Adds the optional packages that a config dependency needs. pnpm 11 and 12 link them beside it. */
function withNeeded(found: readonly Unpacked[]): Unpacked[] {
  const all = new Map(found.map((dependency) => [realOrSame(dependency.folder), dependency]));
  // The loop also visits the folders that are added during it.
  for (const folder of all.keys()) {
    const beside = LINKED.exec(folder)?.[1];
    if (beside === undefined) continue;
    for (const { name, folder: link } of unpackedIn(beside)) {
      const real = realOrSame(link);
      if (name.startsWith('.') || all.has(real)) continue;
      // The name of the link may be an alias.
      all.set(real, { name: LINKED.exec(real)?.[2]?.replaceAll('\\', '/') ?? name, folder: link });
    }
  }
  return [...all.values()];
}

/** Whether a folder contains this hook, which may itself be a config dependency. */
function isOurs(folder: string): boolean {
  return __filename.startsWith(`${realOrSame(folder)}/`);
}

interface ConfigDependencyContext {
  readonly root: string;
  readonly config: PnpmConfig;
  readonly hook: Pick<Hook, 'guard' | 'refusals' | 'session'>;
}

async function inspect(
  { name, folder }: Unpacked,
  context: ConfigDependencyContext,
): Promise<void> {
  try {
    const source = sourceOfFolder(name, folder, context);
    const guard = await context.hook.guard(context.root);
    const wanted = await guard.treeOf(source, folderDigest);
    if (wanted !== folderDigest(folder))
      throw notInspectedError(`the config dependency ${source.id} is not what its tarball holds`);
  } catch (error) {
    remove(folder);
    const why =
      error instanceof HookError
        ? error.message.replace('tarwarden: ', '')
        : `the config dependency ${name} could not be inspected: ${reasonOf(error)}`;
    throw context.hook.refusals.add(
      notInspectedError(
        `${why}. It was unpacked by pnpm before this hook, and is now removed; if it is a plugin (pnpm-plugin-*), pnpm may have loaded it before. ` +
          'Remove it from configDependencies',
        { cause: error },
      ),
    );
  }
}

function sourceOfFolder(
  name: string,
  folder: string,
  { root, config, hook }: ConfigDependencyContext,
): PnpmSource {
  const manifest = JSON.parse(readText(join(folder, 'package.json'))) as { version?: unknown };
  const version = String(manifest.version);
  const all = (config['configDependencies'] ?? {}) as Record<string, unknown>;
  const { tarball, integrity: pinned } = readPin(Object.hasOwn(all, name) ? all[name] : undefined);
  const url = tarball ?? tarballUrl(name, version, hook.session().settings);
  if (url === undefined) throw new Error('there is no registry for it');
  // The integrity only selects a verdict. The folder is compared with the archive that was inspected.
  const integrity = /^sha512-\S+$/.test(pinned ?? '')
    ? pinned
    : lockedIntegrity(root, `${name}@${version}`);
  return registrySource({ name, version }, { url, integrity });
}

/** Reads a setting that pins a config dependency: `1.2.3+sha512-…`, or an object with such an `integrity` and a `tarball`. */
export function readPin(value: unknown): {
  readonly text: string;
  readonly version: string;
  readonly integrity: string | undefined;
  readonly tarball: string | undefined;
} {
  const { tarball, integrity: pinned } = (
    typeof value === 'object' && value !== null ? value : { integrity: value }
  ) as { tarball?: unknown; integrity?: unknown };
  const text = String(pinned);
  const [, version = '', integrity] = /^([^+]*)(?:\+(.*))?$/s.exec(text) ?? [];
  return { text, version, integrity, tarball: typeof tarball === 'string' ? tarball : undefined };
}

/** Reads an integrity from the document at the head of the lockfile of pnpm 11 and 12, as pnpm writes it. */
function lockedIntegrity(root: string, id: string): string | undefined {
  let text: string;
  try {
    text = readText(join(root, 'pnpm-lock.yaml'));
  } catch {
    return undefined;
  }
  const lines = text.split('\n');
  const at = lines.findIndex((line) => [`${id}:`, `'${id}':`].includes(line.trim()));
  if (at === -1) return undefined;
  return /integrity: (sha512-[A-Za-z0-9+/=]+)/.exec(lines.slice(at + 1, at + 4).join())?.[1];
}

function readText(path: string): string {
  // `statSync` follows a link, which may lead to a large or endless file.
  const stat = statSync(path);
  if (!stat.isFile() || stat.size > TEXT_BYTES_MAX)
    throw new Error(`${path} is not a file, or too large`);
  return readFileSync(path, 'utf8');
}

/** The digest of all files below a folder, by path and content. A link or special file makes it differ from every tarball. */
export function folderDigest(folder: string): string {
  const digest = createHash('sha512');
  const walk = (path: string, name: string): void => {
    const stat = lstatSync(path);
    if (stat.isDirectory()) {
      for (const entry of readdirSync(path).toSorted()) walk(join(path, entry), `${name}/${entry}`);
    } else if (stat.isFile()) {
      const content = createHash('sha512').update(readFileSync(path)).digest('hex');
      digest.update(`${JSON.stringify(name)} ${content}\n`);
    } else digest.update(`${JSON.stringify(name)} is no file\n`);
  };
  walk(realpathSync(folder), '');
  return digest.digest('base64');
}

/** Removes a folder or link, and the folder in the store of pnpm 11 and 12 to which the link leads. */
function remove(folder: string): void {
  const real = realOrSame(folder);
  rmSync(folder, { recursive: true, force: true });
  // Only in pnpm's own layout, because a link of the repository may lead to any folder.
  if (LINKED.test(real)) rmSync(real, { recursive: true, force: true });
}
