/* Downloads packages of npm's registries as the adapters do. */
import { redactUrl } from '@tarwarden/core/text';
import { fetchTarball, isNotFound, isWhole, type HostReach } from '@tarwarden/host';
import type { LoadedSettings } from '@tarwarden/settings';
import type { LockfileEntry, AuditTask } from '../plan.ts';
import type { ObtainedBytes } from './source.ts';

/** Milliseconds for each try. */
const TIME_LIMIT = 300_000;

/** The audit tries this many addresses of one package. Lockfiles can name any number. */
const MAX_ADDRESSES = 4;

/**
 * Downloads a package from the address in the lockfile, or from its registry. The entries of a task may name different addresses.
 *
 * @throws TarwardenError FETCH_FAILED for the last address.
 */
export async function downloadTarball(
  task: AuditTask,
  {
    settings,
    reach,
  }: { readonly settings: LoadedSettings; readonly reach?: HostReach | undefined },
): Promise<ObtainedBytes> {
  const addresses = new Map(task.map((entry) => [addressOf(entry, settings), entry]));
  addresses.delete(undefined);
  let failure: unknown = new Error('no registry can have a package of that name and version');
  for (const [url, { locked, kind }] of [...addresses].slice(0, MAX_ADDRESSES)) {
    if (url === undefined) continue;
    const { integrity, source, name } = locked;
    const sri = integrity?.type === 'sri' ? integrity.value : undefined;
    try {
      const bytes = await fetchTarball({
        url,
        ...(source.type === 'registry' && { name }),
        ...(sri === undefined ? { isWhole } : { integrity: sri }),
        settings: { ...settings.registriesFor(kind).settingsFor(url), reach },
        timeLimit: TIME_LIMIT,
      });
      return {
        bytes,
        from: 'registry',
        address: redactUrl(url),
        format: 'npm',
        ...(sri === undefined && { unpinned: true }),
      };
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** The advice for a download that failed. */
export function downloadRemedy(error: unknown): string {
  return isNotFound(error)
    ? 'look whether the registry that is configured has this version'
    : 'look whether the registry can be reached, and its token is in your own .npmrc; then run this again';
}

function addressOf({ locked, kind }: LockfileEntry, settings: LoadedSettings): string | undefined {
  const { source, name, version } = locked;
  if (source.type === 'url') return source.url;
  if (source.type !== 'registry') return undefined;
  const url = settings.registriesFor(kind).addressOf(name, version, source.url);
  return url !== undefined && URL.canParse(url) ? url : undefined;
}
