/* Asks OSV (https://google.github.io/osv.dev/api/) for records of the watched packages, and for the shipped records. */
import { fetchDocument, type NetworkSettings } from '@tarwarden/host';
import { TarwardenError } from '@tarwarden/core';
import { printable } from '@tarwarden/core/text';
import * as v from 'valibot';
import { indexRecords } from '../advisories/matching.ts';
import {
  readPublishedAdvisory,
  type AdvisoryRecord,
  type PublishedRecord,
} from '../advisories/record.ts';

export interface OsvOptions {
  /** The address of OSV, without a slash at the end. */
  readonly address: string;
  readonly settings: NetworkSettings;
  /** The shipped records. */
  readonly shipped: readonly AdvisoryRecord[];
}

export const OSV = 'https://api.osv.dev';

/** The longest answer of OSV by HTTP/1.1. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;
const ANSWERS_BYTES_MAX = 128 * 1024 * 1024;
const PAGES_MAX = 50;
const RECORDS_MAX = 10_000;
const TIME_LIMIT_MS = 60_000;
/** Requests at once. */
const AT_ONCE = 4;

/** The ecosystems of packages that OSV has. */
const ECOSYSTEMS: ReadonlySet<string> = new Set(['npm', 'PyPI', 'RubyGems', 'Go']);

const page = v.pipe(
  v.unknown(),
  v.check((value) => !Array.isArray(value)),
  v.object({
    vulns: v.optional(v.array(v.unknown()), []),
    next_page_token: v.optional(v.pipe(v.string(), v.maxLength(10_000))),
  }),
);

/** @throws TarwardenError if there is no answer, or one with another form than in OSV's documentation. */
export async function askOsv(options: OsvOptions): Promise<readonly PublishedRecord[]> {
  const { shipped } = options;
  const asking = new Asking(options);
  const watched = [...indexRecords(shipped).keys()].map((key) => key.split('\n'));
  await inTurn(watched, async ([ecosystem = '', name = '']) => {
    if (ECOSYSTEMS.has(ecosystem)) await asking.package(ecosystem, name);
  });
  // A query leaves out withdrawn records. These have to be asked for by id.
  const seen = new Set(asking.records.map(({ id }) => id));
  await inTurn(
    shipped.filter(({ id }) => !seen.has(id)),
    async ({ id }) => asking.record(id),
  );
  const known = new Set(shipped.map(({ id }) => id));
  if (!asking.records.some(({ id }) => known.has(id)))
    throw new TarwardenError(
      'FETCH_FAILED',
      `${options.address} knows none of the shipped records`,
    );
  return asking.records;
}

class Asking {
  readonly #options: OsvOptions;
  readonly #records = new Map<string, PublishedRecord>();
  #bytes = 0;

  constructor(options: OsvOptions) {
    this.#options = options;
  }

  get records(): readonly PublishedRecord[] {
    return [...this.#records.values()];
  }

  async package(ecosystem: string, name: string): Promise<void> {
    const url = `${this.#options.address}/v1/query`;
    let token: string | undefined;
    for (let pages = 0; pages < PAGES_MAX; pages += 1) {
      const body = { package: { ecosystem, name }, ...(token && { page_token: token }) };
      const answer = v.safeParse(page, await this.#json(url, JSON.stringify(body)));
      if (!answer.success) throw unexpected(url, `about ${name} is not a list of records`);
      for (const value of answer.output.vulns) this.#add(value, url);
      token = answer.output.next_page_token;
      if (!token) return;
    }
    throw unexpected(url, `about ${name} has more than ${PAGES_MAX} pages`);
  }

  /** Asks for a shipped record. OSV does not have all of them. */
  async record(id: string): Promise<void> {
    const url = `${this.#options.address}/v1/vulns/${encodeURIComponent(id)}`;
    const value = await this.#json(url);
    if (value !== undefined && this.#add(value, url) !== id)
      throw unexpected(url, 'is another record');
  }

  #add(value: unknown, url: string): string {
    const record = readPublishedAdvisory(value);
    if (record === undefined)
      throw unexpected(url, `has ${recordTitle(value)}, which is not in OSV form`);
    this.#records.set(record.id, record);
    if (this.#records.size > RECORDS_MAX) throw unexpected(url, 'is one record too many');
    return record.id;
  }

  async #json(url: string, body?: string): Promise<unknown> {
    const { settings } = this.#options;
    const bytes = await fetchDocument({
      url,
      settings,
      timeLimit: TIME_LIMIT_MS,
      bytesMax: ANSWER_BYTES_MAX,
      ...(body !== undefined && { body }),
    });
    if (bytes === undefined && body === undefined) return undefined;
    this.#bytes += bytes?.length ?? 0;
    if (this.#bytes > ANSWERS_BYTES_MAX) throw unexpected(url, 'is one too many');
    try {
      return JSON.parse(bytes?.toString('utf8') ?? '');
    } catch {
      throw unexpected(url, 'is not JSON');
    }
  }
}

function recordTitle(value: unknown): string {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  return typeof id === 'string' ? `a record ${printable(id, 100)}` : 'a record without an id';
}

function unexpected(url: string, why: string): TarwardenError {
  return new TarwardenError('FETCH_FAILED', `the answer of ${url} ${why}`);
}

async function inTurn<Item>(
  items: readonly Item[],
  ask: (item: Item) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE)
    await Promise.all(items.slice(at, at + AT_ONCE).map(ask));
}
