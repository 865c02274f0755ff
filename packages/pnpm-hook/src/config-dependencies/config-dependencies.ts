/*
 * pnpm unpacks config dependencies before it loads a pnpmfile, so that none of ours can inspect them first. Here the
 * tarball that each claims to be is inspected, and its folder compared with that, before pnpm resolves or runs anything
 * else. What does not hold is removed. A plugin that pnpm loads before this hook has run by then, which is reported.
 */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { tarballUrl } from '@tarwarden/host';
import type { Hook } from '../hook.ts';
import { HookError, reasonOf } from '../messages.ts';
import type { PnpmConfig } from '../pnpm-shapes.ts';
import { registrySource, type Source } from '../source.ts';

/** Bytes of a package.json or lockfile. */
const TEXT_BYTES_MAX = 64 * 1024 * 1024;

/** A package as pnpm 11 and 12 lay it out below their store: the folder that it and what it needs are in, and its name. */
const LINKED =
  /^(.+[\\/]links[\\/]@[^\\/]*[\\/][^\\/]+[\\/][^\\/]+[\\/][0-9a-f]{32,128}[\\/]node_modules)[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)$/;

interface Unpacked {
  readonly name: string;
  readonly folder: string;
}

/**
 * Inspects what pnpm has put into `node_modules/.pnpm-config`.
 * @throws HookError after it has removed what is not an inspected package.
 */
export async function inspectConfigDependencies(
  config: PnpmConfig,
  hook: Pick<Hook, 'guard' | 'refusals' | 'session'>,
): Promise<void> {
  const root = [config['lockfileDir'], config['rootProjectManifestDir'], config['workspaceDir']]
    .concat(config['dir'])
    .find((one): one is string => typeof one === 'string');
  if (root === undefined) return;
  const results = await Promise.allSettled(
    withNeeded(unpackedIn(join(root, 'node_modules/.pnpm-config'))).map((one) =>
      inspect(one, { root, config, hook }),
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

/** pnpm 11 and 12 link the optional packages that one needs beside it, and theirs beside them. */
function withNeeded(found: readonly Unpacked[]): Unpacked[] {
  const all = new Map(found.map((one) => [realpathOr(one.folder), one]));
  // What is added is gone through as well.
  for (const folder of all.keys()) {
    const beside = LINKED.exec(folder)?.[1];
    if (beside === undefined) continue;
    for (const { name, folder: link } of unpackedIn(beside)) {
      const real = realpathOr(link);
      if (name.startsWith('.') || all.has(real)) continue;
      // The link may have an alias for its name.
      all.set(real, { name: LINKED.exec(real)?.[2]?.replaceAll('\\', '/') ?? name, folder: link });
    }
  }
  return [...all.values()];
}

/** This hook may be a config dependency itself. That pnpm unpacked another in its place, it could not tell. */
function isOurs(folder: string): boolean {
  return __filename.startsWith(`${realpathOr(folder)}/`);
}

interface Place {
  readonly root: string;
  readonly config: PnpmConfig;
  readonly hook: Pick<Hook, 'guard' | 'refusals' | 'session'>;
}

async function inspect({ name, folder }: Unpacked, place: Place): Promise<void> {
  try {
    const source = sourceOfFolder(name, folder, place);
    const guard = await place.hook.guard(place.root);
    const wanted = await guard.treeOf(source, treeDigest);
    if (wanted !== treeDigest(folder))
      throw new HookError(
        'NOT_INSPECTED',
        `the config dependency ${source.id} is not what its tarball holds`,
      );
  } catch (error) {
    remove(folder);
    const why =
      error instanceof HookError
        ? error.message.replace('tarwarden: ', '')
        : `the config dependency ${name} could not be inspected: ${reasonOf(error)}`;
    throw place.hook.refusals.add(
      new HookError(
        'NOT_INSPECTED',
        `${why}. It was unpacked by pnpm before this hook, and is now removed; if it is a plugin (pnpm-plugin-*), pnpm may have loaded it before. ` +
          'Remove it from configDependencies',
        { cause: error },
      ),
    );
  }
}

function sourceOfFolder(name: string, folder: string, { root, config, hook }: Place): Source {
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
  return registrySource({ name, version }, url, integrity);
}

/** A setting that pins a config dependency: `1.2.3+sha512-…`, or an object with such an `integrity` and a `tarball`. */
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

/** From the document at the head of pnpm 11's and 12's lockfile, as pnpm writes it. */
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
  // As what is read: a link may lead to more than it is long itself, or to what has no end.
  const stat = statSync(path);
  if (!stat.isFile() || stat.size > TEXT_BYTES_MAX)
    throw new Error(`${path} is not a file, or too large`);
  return readFileSync(path, 'utf8');
}

/** Of all files below a folder, by path and content. Anything that is not a file or folder makes it unlike any tarball. */
export function treeDigest(folder: string): string {
  const digest = createHash('sha512');
  const walk = (path: string, name: string): void => {
    const stat = lstatSync(path);
    if (stat.isDirectory()) {
      for (const one of readdirSync(path).toSorted()) walk(join(path, one), `${name}/${one}`);
    } else if (stat.isFile()) {
      const content = createHash('sha512').update(readFileSync(path)).digest('hex');
      digest.update(`${JSON.stringify(name)} ${content}\n`);
    } else digest.update(`${JSON.stringify(name)} is no file\n`);
  };
  walk(realpathSync(folder), '');
  return digest.digest('base64');
}

/** Its files, and where pnpm 11 and 12 link them from. */
function remove(folder: string): void {
  const real = realpathOr(folder);
  rmSync(folder, { recursive: true, force: true });
  // Only what pnpm's own layout has there: a link of the repository's choosing must not say what is removed.
  if (LINKED.test(real)) rmSync(real, { recursive: true, force: true });
}

function realpathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
