/*
 * The archives that the gateway refused, for people who read why. The id of a refusal is an HMAC under a random secret of the ledger, so
 * nobody can guess it, and every server gives the same refusal the same id without asking another one.
 */
import { createHmac } from 'node:crypto';
import { ecosystemOf, type Verdict } from '@tarwarden/core';
import {
  byWeight,
  findingLines,
  omittedLines,
  packageToAllow,
  rejects,
} from '@tarwarden/core/report';
import { lineText, PLAIN } from '@tarwarden/core/text';
import { inTime, Remembered, Turns } from '@tarwarden/host';
import { tooMany } from '../gateway/answers.ts';
import type { NotedRefusal } from '../gateway/used-approvals.ts';
import { archiveLabel, type ArchiveIdentity } from '../gateway/wanted.ts';
import { isRefusalRecord, REFUSAL_ID } from './events.ts';
import type { Refusal } from './service.ts';

/** Keeps refusals that nobody has asked about yet. */
export interface RefusalHome {
  /** A random text that is the same for all servers of the ledger, and that never leaves them. */
  secret(): Promise<string>;
  put(id: string, text: string): Promise<void>;
  get(id: string): Promise<string | undefined>;
  /** Removes refusals before this time, and the oldest of more than so many. */
  trim(limits: { readonly before: number; readonly most: number }): Promise<void>;
}

export interface KeptRefusalsOptions {
  /** See {@link RefusalHome.secret}. */
  readonly secret: string;
  readonly onError: (error: unknown) => void;
  /** Called once a day for each refusal that is kept. */
  readonly onNoted: (refusal: Refusal) => void;
}

/** Milliseconds for which a refusal is kept that nobody asks about, and the most of them. */
const KEPT = 30 * 24 * 60 * 60_000;
const REFUSALS_MAX = 10_000;
/** Milliseconds after which a refusal is stored again, before it could be removed. */
const STORED_AGAIN = 24 * 60 * 60_000;
/** Milliseconds for which a package counts as public. */
const PUBLIC_FOR = 60 * 60_000;
/** The most refusals that are written at once, and questions to registries. The most that wait for each: some 300 kB of each are in memory. */
const AT_ONCE = 4;
const WAITING_MAX = 200;
const PUBLIC_LIMIT = 10_000;
/** Refusals between two removals of old ones. */
const TRIM_EVERY = 500;
/** The most characters of the text about the findings, and the most bytes of the findings: a path can be long. */
const TEXT_MAX = 32 * 1024;
const FINDINGS_BYTES_MAX = 192 * 1024;
/** The most findings that do not reject, of a refusal. */
const OTHERS_MAX = 20;

export class KeptRefusals {
  readonly #home: RefusalHome;
  readonly #options: KeptRefusalsOptions;
  /** When a refusal was stored, by its id. */
  readonly #stored = new Remembered<number>(REFUSALS_MAX);
  /** Until when a package counts as public, by registry and name. */
  readonly #public = new Remembered<number>(REFUSALS_MAX);
  readonly #writing = new Turns({ places: AT_ONCE, waitingMax: WAITING_MAX, tooMany });
  /** A registry that does not answer must not keep other refusals from being written. */
  readonly #asking = new Turns({ places: AT_ONCE, waitingMax: WAITING_MAX, tooMany });
  #sinceTrim = TRIM_EVERY;

  constructor(home: RefusalHome, options: KeptRefusalsOptions) {
    this.#home = home;
    this.#options = options;
  }

  /** The id under which people find a refusal. It is stored meanwhile, so that no answer waits for the storage. */
  note(refused: NotedRefusal): string {
    const { identity, reader, registry } = refused;
    const packageKey = JSON.stringify([registry, identity.format, archiveLabel(identity)]);
    const isPublic = reader === '' || (this.#public.get(packageKey) ?? 0) > Date.now();
    const id = this.#idOf(refused, isPublic ? '' : reader);
    if ((this.#stored.get(id) ?? 0) > Date.now() - STORED_AGAIN) return id;
    this.#stored.set(id, Date.now());
    const refusal = refusalOf(id, refused, !isPublic);
    void this.#kept(refusal, async () => refused.isPublic(refusal.label))
      .then((kept) => {
        if (!kept.isPrivate && !isPublic) this.#public.set(packageKey, Date.now() + PUBLIC_FOR);
        this.#options.onNoted(kept);
      })
      .catch((error: unknown) => {
        this.#stored.delete(id);
        this.#options.onError(error);
      });
    return id;
  }

  /** Stores a refusal, and asks then whether the package is public. */
  async #kept(refusal: Refusal, isPublic: () => Promise<boolean>): Promise<Refusal> {
    await this.#put(refusal);
    if (!refusal.isPrivate) return refusal;
    const isShown = await this.#asking.run(async () =>
      inTime(PUBLIC_LIMIT, isPublic(), 'no answer in time'),
    );
    if (!isShown) return refusal;
    const shown = { ...refusal, isPrivate: false };
    await this.#put(shown);
    return shown;
  }

  /** @param id Any text. */
  async find(id: string): Promise<Refusal | undefined> {
    const text = REFUSAL_ID.test(id) ? await this.#home.get(id) : undefined;
    if (text === undefined) return undefined;
    const value: unknown = JSON.parse(text);
    return isRefusalRecord(value) && value.id === id ? value : undefined;
  }

  async #put(refusal: Refusal): Promise<void> {
    await this.#writing.run(async () => this.#home.put(refusal.id, JSON.stringify(refusal)));
    this.#sinceTrim += 1;
    if (this.#sinceTrim < TRIM_EVERY) return;
    this.#sinceTrim = 0;
    await this.#home.trim({ before: Date.now() - KEPT, most: REFUSALS_MAX });
  }

  #idOf({ registry, identity, verdict }: NotedRefusal, audience: string): string {
    const { format, name = null, version = null, fileName = null } = identity;
    const { sha512 } = verdict.archive;
    // A preset or another rule set finds something else in the same archive.
    const rules = verdict.findings.map(({ rule, entry }) => [rule, entry ?? null]);
    const parts = [registry, format, name, version, fileName, sha512, audience, rules];
    const mac = createHmac('sha256', this.#options.secret).update(JSON.stringify(parts)).digest();
    return base32(mac).slice(0, 26);
  }
}

function refusalOf(
  id: string,
  { registry, identity, verdict }: NotedRefusal,
  isPrivate: boolean,
): Refusal {
  const { archive, omitted } = verdict;
  const reasons = verdict.findings.filter(rejects);
  const rejecting = bounded(reasons);
  const others = bounded(verdict.findings.filter((finding) => !rejects(finding)));
  return {
    id,
    at: new Date().toISOString(),
    registry,
    ecosystem: ecosystemOf[identity.format],
    identity,
    label: labelOf(identity, verdict),
    sha512: archive.sha512,
    bytes: archive.compressedBytes,
    isPrivate,
    findings: [...rejecting, ...others.slice(0, OTHERS_MAX)],
    omitted: omitted + reasons.length - rejecting.length,
    text: explained(verdict).slice(0, TEXT_MAX),
  };
}

/** An exception names a gem as its gemspec does. A gemspec that names another gem than its file must not choose the name. */
function labelOf(identity: ArchiveIdentity, verdict: Verdict): string {
  const asked = archiveLabel(identity);
  if (identity.format !== 'gem') return asked;
  const claimed = packageToAllow(asked, verdict);
  return claimed !== undefined && asked.startsWith(claimed.replace('@', '-')) ? claimed : asked;
}

/** The findings as `tarwarden explain` lists them, without commands for people who have the archive. */
function explained(verdict: Verdict): string {
  const lines = byWeight(verdict.findings).flatMap((finding) =>
    findingLines(finding, PLAIN).map(lineText),
  );
  return [...lines, ...omittedLines(verdict, PLAIN)].join('\n');
}

/** The first findings, as many as fit. */
function bounded(findings: Verdict['findings']): Verdict['findings'] {
  let bytes = 0;
  return findings.filter((finding) => {
    bytes += Buffer.byteLength(JSON.stringify(finding));
    return bytes <= FINDINGS_BYTES_MAX;
  });
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** RFC 4648, in lower case, without padding. */
function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET[(value >>> (bits - 5)) & 31]!;
  }
  return text;
}
