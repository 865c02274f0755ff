/* A commit of a git repository, as npm, pnpm, Yarn and bun pack it: the whole tree, including files that its package.json leaves out. */
import { printable, redactUrl } from '@tarwarden/core/text';
import { fetchCommit } from '@tarwarden/host';
import type { LockedPackage } from '@tarwarden/lockfiles';
import type { NotInspectedReason } from '../result.ts';
import type { ObtainedBytes } from './source.ts';

/** Milliseconds for one repository. */
const TIME_LIMIT = 300_000;

/** npm's lockfiles name repositories of these hosts by ssh. The hosts serve them by https too, so an audit needs no ssh key. */
const PUBLIC = /^(?:ssh:\/\/)?git@(github\.com|gitlab\.com|bitbucket\.org)[:/](.+)$/;

const SHORT = /^(github|gitlab|bitbucket):([^#]+)$/;

const HOSTS: Readonly<Record<string, string>> = {
  github: 'github.com',
  gitlab: 'gitlab.com',
  bitbucket: 'bitbucket.org',
};

/** @param offline Whether nothing may be fetched. */
export async function fromRepository(
  { source, ecosystem }: LockedPackage,
  offline: boolean,
): Promise<ObtainedBytes | NotInspectedReason> {
  if (source.type !== 'git') throw new TypeError('not a git repository');
  const { commit, folder } = source;
  const repo = addressOf(source.url);
  if (ecosystem !== 'npm') return noArchive('its manager builds it of a git repository');
  if (commit === undefined)
    return noArchive('it comes from a git repository, and its entry names no commit');
  if (repo === undefined)
    return noArchive('it comes from a git repository that is not fetched by http or https');
  if (offline) return noArchive('it comes from a git repository, and --offline was given');
  try {
    const about = { repo, commit, ...(folder !== undefined && { folder }) };
    const bytes = await fetchCommit(about, { timeLimit: TIME_LIMIT, offline });
    return { bytes, from: 'git', format: 'npm' };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return noArchive(`its git repository cannot be read: ${printable(redactUrl(why), 2048)}`);
  }
}

/** The address from which git can fetch without a key of the user. Undefined if there is none. */
function addressOf(url: string): string | undefined {
  const bare = url.replace(/^git\+/, '').replace(/#.*$/s, '');
  const [, host, path] = PUBLIC.exec(bare) ?? [];
  if (host !== undefined && path !== undefined) return `https://${host}/${path}`;
  const [, name = '', short] = SHORT.exec(bare) ?? [];
  if (short !== undefined) return `https://${HOSTS[name]!}/${short}`;
  return /^https?:\/\/[^-]/.test(bare) ? bare : undefined;
}

function noArchive(message: string): NotInspectedReason {
  return {
    code: 'NO_ARCHIVE',
    message,
    remedy: 'install under the guard, which inspects what is packed',
  };
}
