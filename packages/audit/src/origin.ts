/* What an entry's address says about it, before anything is fetched. */
import { printable, quote, redactUrl } from '@tarwarden/core/text';
import { isWeak } from '@tarwarden/lockfiles';
import type { LockfileEntry, AuditTask } from './plan.ts';
import type { Check } from './result.ts';

/** Which hosts are those of configured registries. `isLenient`: an unknown one is a warning. */
export interface Hosts {
  hostOf(url: string): { readonly host: string; readonly known: boolean };
  readonly isLenient?: boolean;
}

/** What is wrong with the entries of one package, each thing once. */
export function entryChecks(task: AuditTask, hosts: Hosts): Check[] {
  const all = task.flatMap((entry) => [
    ...hostCheck(entry, hosts),
    ...nameCheck(entry),
    ...(entry.checks ?? []),
    ...weakCheck(entry),
  ]);
  return [...new Map(all.map((check) => [check.message, check])).values()];
}

/** Only what the project itself names is asked for: a lockfile that says so may have been written by anybody. */
function hostCheck(
  { locked: { source, ecosystem }, requests }: LockfileEntry,
  hosts: Hosts,
): Check[] {
  if (!('url' in source) || source.url === undefined || source.type === 'git') return [];
  const { host, known } = hosts.hostOf(source.url);
  if (known) return [];
  // In a requirements file it is the project's own word.
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
 * Registries have a tarball at `<name>/-/<name without scope>-<version>.tgz`, which says whose it is. What the project itself asks for
 * by address may be anything.
 */
function nameCheck({ locked, requests }: LockfileEntry): Check[] {
  const { name, version, source, ecosystem } = locked;
  if (ecosystem !== 'npm' || !('url' in source) || source.url === undefined) return [];
  if (source.type === 'git') return [];
  const isOwn = requests?.addresses.has(source.url) === true || name === '';
  if (source.type === 'url' && isOwn) return [];
  const path = pathOf(source.url);
  const end = path.indexOf('/-/');
  if (end < 0 || !/.\.tgz$/.test(path.slice(end + '/-/'.length))) return [];
  const before = path.slice(0, end);
  const base = name.slice(name.indexOf('/') + 1);
  const [, scope = ''] = /(?:^|\/)(@[^/]+\/)?[^/]+$/.exec(before) ?? [];
  const isOfName = `/${before}`.endsWith(`/${name}`) && (scope === '' || name.startsWith(scope));
  // Some registries spell the scope once more before the file's name. Of an address, the lockfile may not say the version.
  const right =
    isOfName &&
    (version === '' ||
      [base, name].some((spelling) => `/${path}`.endsWith(`/-/${spelling}-${version}.tgz`)));
  if (right) return [];
  const message = `its tarball is that of another package or version: ${redactUrl(source.url)}`;
  return [{ id: 'other-package', level: 'error', message }];
}

function pathOf(url: string): string {
  try {
    return decodeURIComponent(new URL(url).pathname);
  } catch {
    return '';
  }
}

/** Of archives that are not a registry's, Yarn 1 writes nothing better. */
function weakCheck({ locked: { integrity, source } }: LockfileEntry): Check[] {
  if (integrity === undefined || !isWeak(integrity)) return [];
  const level = source.type === 'registry' ? 'warning' : 'note';
  const message = 'its integrity is SHA-1, with which other bytes can be made to agree';
  return [{ id: 'weak-integrity', level, message }];
}
