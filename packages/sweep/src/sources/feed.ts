/*
 * The feed of changes that a registry's replication endpoint has: which packages changed, in pages. It names packages, not versions: what is
 * new in one is what the ledger does not have. Places in it are texts that only the endpoint understands.
 */
import { readAtMost } from '@tarwarden/host';
import { request } from 'undici';
import { isPackageName } from '../names.ts';
import { SourceError, type Part, type Source } from './source.ts';

export interface FeedOptions {
  readonly url: URL;
  /** Where a first run begins: `0`, a place, or `now`. */
  readonly from: string;
}

/** Changes in one page. */
const PAGE = 1000;
const PAGE_BYTES_MAX = 64 * 1024 * 1024;
/** For a page. Milliseconds. */
const TIME_LIMIT = 60_000;
const TRIES = 4;

export function feedSource({ url, from }: FeedOptions): Source {
  const id = `feed:${url.href}`;
  return { id, isEndless: true, parts: (after) => parts(url, after, from) };
}

interface Page {
  readonly results: readonly { readonly id: string; readonly deleted: boolean }[];
  readonly last: string;
}

async function* parts(url: URL, after: string | undefined, from: string): AsyncGenerator<Part> {
  const newest = await newestOf(url);
  let since = after ?? (from === 'now' ? newest : from);
  if (after === undefined && from === 'now') yield { works: [], seq: since };
  // Places have been counted anew before. The ledger knows what was inspected, so that only documents are read again.
  if (isBehind(newest, since)) since = '0';
  for (;;) {
    const { results, last } = await pageAfter(url, since);
    if (last === since) return;
    const names = results.filter(({ deleted }) => !deleted).map((one) => one.id);
    const works = [...new Set(names)]
      .filter(isPackageName)
      .map((name) => ({ kind: 'package' as const, name }));
    yield { works, seq: last, time: last };
    if (results.length === 0) return;
    since = last;
  }
}

/** Whether the newest change comes before one that was seen already. */
function isBehind(newest: string, seen: string): boolean {
  return /^\d+$/.test(newest) && /^\d+$/.test(seen) && BigInt(newest) < BigInt(seen);
}

async function newestOf(url: URL): Promise<string> {
  const seq = placeIn((await documentAt(url))['update_seq']);
  if (seq === undefined) throw new SourceError('the feed does not say where it ends');
  return seq;
}

async function pageAfter(url: URL, since: string): Promise<Page> {
  const page = new URL('_changes', url.href.endsWith('/') ? url : `${url.href}/`);
  page.searchParams.set('since', since);
  page.searchParams.set('limit', String(PAGE));
  const { results, last_seq: lastSeq } = await documentAt(page);
  const last = placeIn(lastSeq);
  if (!Array.isArray(results) || last === undefined)
    throw new SourceError('the feed answers with what is not a page of changes');
  return { last, results: results.flatMap(changeIn) };
}

function changeIn(value: unknown): Page['results'] {
  if (typeof value !== 'object' || value === null) return [];
  const { id, deleted } = value as Record<string, unknown>;
  return typeof id === 'string' ? [{ id, deleted: deleted === true }] : [];
}

function placeIn(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

async function documentAt(url: URL): Promise<Record<string, unknown>> {
  let problem = '';
  for (let left = TRIES; left > 0; left -= 1) {
    try {
      return await documentOnce(url);
    } catch (error) {
      if (error instanceof SourceError) throw error;
      problem = error instanceof Error ? error.message : String(error);
    }
    if (left > 1) await new Promise((resolve) => setTimeout(resolve, 1000 * (TRIES - left + 1)));
  }
  throw new SourceError(`the feed does not answer: ${problem}`);
}

async function documentOnce(url: URL): Promise<Record<string, unknown>> {
  const { statusCode, body } = await request(url, {
    // Of the registry's change to its present endpoint.
    headers: { accept: 'application/json', 'npm-replication-opt-in': 'true' },
    headersTimeout: TIME_LIMIT,
    bodyTimeout: TIME_LIMIT,
  });
  const tooLong = (): Error => new SourceError('a page of the feed is too long');
  const bytes = await readAtMost(body, { bytesMax: PAGE_BYTES_MAX, tooLong });
  if (statusCode !== 200) throw new Error(`it answered ${statusCode}`);
  const value: unknown = JSON.parse(bytes.toString('utf8'));
  if (typeof value !== 'object' || value === null) throw new Error('it sent no document');
  return value as Record<string, unknown>;
}
