/* Checks the address and the integrity of an entry, before anything is fetched. */
import { printable, quote, redactUrl } from '@tarwarden/core/text';
import { isWeak } from '@tarwarden/clients/lockfiles';
import type { ArchiveFinder } from './archives.ts';
import type { LockfileEntry, AuditTask } from './plan.ts';
import type { Check } from './result.ts';

type Hosts = Pick<ArchiveFinder, 'knowsHost' | 'isLenient'>;

/** The problems of the entries of one package, each once. */
export function entryChecks(task: AuditTask, hosts: Hosts): Check[] {
  const checks = task.flatMap((entry) => [
    ...hostCheck(entry, hosts),
    ...nameCheck(entry),
    ...(entry.checks ?? []),
    ...weakCheck(entry),
  ]);
  return [...new Map(checks.map((check) => [check.message, check])).values()];
}

/** Anybody can write an address into a lockfile. Only an address that the project itself names counts as asked for. */
function hostCheck(
  { locked: { source, ecosystem }, requests }: LockfileEntry,
  hosts: Hosts,
): Check[] {
  if (!('url' in source) || source.url === undefined || source.type === 'git') return [];
  const url = URL.canParse(source.url) ? new URL(source.url) : undefined;
  if (url !== undefined && hosts.knowsHost(url)) return [];
  const host = url?.host ?? source.url;
  // The project itself writes its requirements file.
  const isOwn = source.type === 'url' && ecosystem !== 'npm';
  if (isOwn || requests?.addresses.has(source.url) === true) {
    const message = `it is asked for by its address, at ${printable(host)}, which is not a configured registry`;
    return [{ id: 'foreign-host', level: 'warning', message }];
  }
  const isTarball = ecosystem === 'npm';
  const unasked =
    isTarball && source.type === 'url' ? ', and no package.json of the project asks for it' : '';
  const archive = isTarball ? 'tarball' : 'archive';
  const message = `its ${archive} is to come from ${quote(host)}, which is none of the configured registries${unasked}: ${redactUrl(source.url)}`;
  const level = hosts.isLenient === true ? 'warning' : 'error';
  return [{ id: 'foreign-host', level, message }];
}

/**
 * Registries have a tarball at `<name>/-/<name without scope>-<version>.tgz`, so the address says which package it is. A tarball for
 * which the project asks by address may have any name.
 */
function nameCheck({ locked, requests }: LockfileEntry): Check[] {
  const { name, version, source, ecosystem } = locked;
  if (ecosystem !== 'npm' || !('url' in source) || source.url === undefined) return [];
  if (source.type === 'git') return [];
  const isOwn = requests?.addresses.has(source.url) === true || name === '';
  if (source.type === 'url' && isOwn) return [];
  const path = decodedPath(source.url);
  const end = path.indexOf('/-/');
  if (end < 0 || !/.\.tgz$/.test(path.slice(end + '/-/'.length))) return [];
  const before = path.slice(0, end);
  const base = name.slice(name.indexOf('/') + 1);
  const [, scope = ''] = /(?:^|\/)(@[^/]+\/)?[^/]+$/.exec(before) ?? [];
  const isOfName = `/${before}`.endsWith(`/${name}`) && (scope === '' || name.startsWith(scope));
  // Some registries repeat the scope before the file's name. A lockfile may have no version for a package with an address.
  const right =
    isOfName &&
    (version === '' ||
      [base, name].some((spelling) => `/${path}`.endsWith(`/-/${spelling}-${version}.tgz`)));
  if (right) return [];
  const message = `its tarball is that of another package or version: ${redactUrl(source.url)}`;
  return [{ id: 'other-package', level: 'error', message }];
}

function decodedPath(url: string): string {
  try {
    return decodeURIComponent(new URL(url).pathname);
  } catch {
    return '';
  }
}

/** Yarn 1 writes nothing stronger than SHA-1 for archives from elsewhere than a registry, so that is only a note. */
function weakCheck({ locked: { integrity, source } }: LockfileEntry): Check[] {
  if (integrity === undefined || !isWeak(integrity)) return [];
  const level = source.type === 'registry' ? 'warning' : 'note';
  const message = 'its integrity is SHA-1, with which other bytes can be made to agree';
  return [{ id: 'weak-integrity', level, message }];
}
