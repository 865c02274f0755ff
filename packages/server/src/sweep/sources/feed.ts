/*
 * Reads the feed of changes of a registry's replication endpoint: the names of changed packages, in pages. It does not name
 * versions; the ledger shows which are new. Only the endpoint understands the texts of positions in the feed.
 */
import { hash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { readAtMost } from '@tarwarden/host';
import { request } from 'undici';
import { isPackageName } from '../names.ts';
import { SourceError, type Part, type SweepSource } from './source.ts';

export interface FeedOptions {
  readonly url: URL;
  /** The start of a first run: `0`, a position, or `now`. */
  readonly from: string;
}

/** Changes in one page, and the most that an endpoint without a limit may send. */
const PAGE = 1000;
const PAGE_CHANGES_MAX = 10 * PAGE;
const PAGE_BYTES_MAX = 16 * 1024 * 1024;
/** The most pages of one reading: ten times as many as the largest registry has. */
const PAGES_MAX = 100_000;
const PLACE_CHARS_MAX = 2000;
/** A server with at least this percentage of the known position is only behind. A smaller position means a new count. */
const LAG_PERCENT = 99n;
/** Milliseconds until a page begins, and for a whole page. */
const TIME_LIMIT = 60_000;
const PAGE_TIME_LIMIT = 300_000;
const TRIES = 4;
/** Statuses that another try would not change. */
const FINAL: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 410, 451]);

export function feedSource({ url, from }: FeedOptions): SweepSource {
  const id = `feed:${url.href}`;
  return { id, isEndless: true, parts: (after, signal) => parts({ url, signal }, after, from) };
}

interface Page {
  readonly results: readonly { readonly id: string; readonly deleted: boolean }[];
  readonly last: string;
}

/** An endpoint, and the signal that ends its requests. */
interface Endpoint {
  readonly url: URL;
  readonly signal: AbortSignal | undefined;
}

async function* parts(
  endpoint: Endpoint,
  after: string | undefined,
  from: string,
): AsyncGenerator<Part> {
  const newest = await newestOf(endpoint);
  let since = after ?? (from === 'now' ? newest : from);
  if (after === undefined && from === 'now') yield { works: [], seq: since };
  if (after !== undefined && isCountedAnew(newest, after)) since = '0';
  else if (isBefore(newest, since)) return;
  const seen = new Set<string>();
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const { results, last } = await pageAfter(endpoint, since);
    if (last === since || (results.length === 0 && isBefore(last, since))) return;
    const mark = hash('sha256', last, 'base64');
    if (seen.has(mark) || isBefore(last, since)) throw broken('the feed goes back on its way');
    seen.add(mark);
    const names = results.filter(({ deleted }) => !deleted).map((change) => change.id);
    const works = [...new Set(names)]
      .filter(isPackageName)
      .map((name) => ({ kind: 'package' as const, name }));
    yield { works, seq: last, time: last };
    if (results.length === 0) return;
    since = last;
  }
  throw broken('the feed does not end');
}

/** Endpoints have restarted their count before. Then the whole feed is read again; the ledger knows the inspected archives. */
function isCountedAnew(newest: string, seen: string): boolean {
  if (!isNumber(newest) || !isNumber(seen)) return isNumber(newest) !== isNumber(seen);
  return BigInt(newest) * 100n < BigInt(seen) * LAG_PERCENT;
}

function isBefore(first: string, second: string): boolean {
  return isNumber(first) && isNumber(second) && BigInt(first) < BigInt(second);
}

function isNumber(place: string): boolean {
  return /^\d+$/.test(place);
}

async function newestOf(endpoint: Endpoint): Promise<string> {
  const seq = placeIn((await documentAt(endpoint.url, endpoint))['update_seq']);
  if (seq === undefined) throw broken('the feed does not say where it ends');
  return seq;
}

async function pageAfter(endpoint: Endpoint, since: string): Promise<Page> {
  const { url } = endpoint;
  const page = new URL('_changes', url.href.endsWith('/') ? url : `${url.href}/`);
  page.searchParams.set('since', since);
  page.searchParams.set('limit', String(PAGE));
  const { results, last_seq: lastSeq } = await documentAt(page, endpoint);
  const last = placeIn(lastSeq);
  if (!Array.isArray(results) || last === undefined)
    throw broken('the feed answers with what is not a page of changes');
  if (results.length > PAGE_CHANGES_MAX) throw broken(TOO_LONG);
  return { last, results: results.flatMap(changeIn) };
}

function changeIn(value: unknown): Page['results'] {
  if (typeof value !== 'object' || value === null) return [];
  const { id, deleted } = value as Record<string, unknown>;
  return typeof id === 'string' ? [{ id, deleted: deleted === true }] : [];
}

/** An inexact number would be another position. */
function placeIn(value: unknown): string | undefined {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined;
  return typeof value === 'string' && value !== '' && value.length <= PLACE_CHARS_MAX
    ? value
    : undefined;
}

const TOO_LONG = 'a page of the feed is too long';

/** A failure that another try would not change. */
function broken(message: string): SourceError {
  return new SourceError(message);
}

async function documentAt(url: URL, { signal }: Endpoint): Promise<Record<string, unknown>> {
  let problem = '';
  for (let tried = 1; tried <= TRIES; tried += 1) {
    try {
      return await documentOnce(url, signal);
    } catch (error) {
      if (error instanceof SourceError || signal?.aborted) throw error;
      problem = error instanceof Error ? error.message : String(error);
    }
    if (tried < TRIES) await wait(1000 * tried, undefined, { signal });
  }
  throw new SourceError(`the feed does not answer: ${problem}`, { isAway: true });
}

async function documentOnce(
  url: URL,
  signal: AbortSignal | undefined,
): Promise<Record<string, unknown>> {
  const late = AbortSignal.timeout(PAGE_TIME_LIMIT);
  const { statusCode, body } = await request(url, {
    // npmjs asks for this header since it changed the endpoint.
    headers: { accept: 'application/json', 'npm-replication-opt-in': 'true' },
    headersTimeout: TIME_LIMIT,
    bodyTimeout: TIME_LIMIT,
    signal: signal === undefined ? late : AbortSignal.any([signal, late]),
  });
  const bytes = await readAtMost(body, {
    bytesMax: PAGE_BYTES_MAX,
    tooLong: () => broken(TOO_LONG),
  });
  if (FINAL.has(statusCode)) throw broken(`the feed answers ${statusCode}`);
  if (statusCode !== 200) throw new Error(`it answered ${statusCode}`);
  const value = jsonIn(bytes);
  if (typeof value !== 'object' || value === null)
    throw broken('the feed sends what is not a page of changes');
  return value as Record<string, unknown>;
}

function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
