/**
 * The only file that knows the core: built as a file of its own, `inspector.cjs`, which is loaded when the
 * first tarball is fetched and not before. So the core costs nothing to programs that only inherit the guard,
 * or to an npm that fetches nothing.
 */
import {
  inspectKeeping,
  RULESET,
  rules,
  type Finding,
  type Policy,
  type Verdict,
} from '@tarwarden/core';
import { tarballBytesMax } from '@tarwarden/core/limits';
import { placesOutside, unsafeName } from '@tarwarden/core/metadata';
import { adviceText, formatBlock } from '@tarwarden/core/report';
import { printable, redactUrl } from '@tarwarden/core/text';
import {
  ByteBudget,
  type ByteShare,
  integrityOf,
  isTooLarge,
  limitBodies,
  loadPolicy,
  openVerdictStore,
  policyFingerprint,
  sha512Of,
  TOO_LARGE_REMEDY,
  TooLargeError,
  type VerdictStore,
} from '@tarwarden/host';
import type { Identity } from './identity.ts';
import { npxFolder, npxFolderInstead } from './npx-folder.ts';
import type { Refused } from './refusal.ts';

/** Bytes to judge and what is known of them. Text is as it came: hostile. */
export interface Subject {
  /** `name@version` where known; else the identity that the archive claims is shown. */
  readonly label?: string | undefined;
  readonly source?: string | undefined;
  /** What the bytes must claim to be; more than one must all hold, none promises nothing. */
  readonly expected: readonly Identity[];
}

/** Where npm works, which decides whose policy holds. */
export interface Place {
  /** Root of the project; absent where only the user's own policy may speak. */
  readonly project?: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Unpacked tarballs that wait to be written at a time, in bytes; npm inflates again what does not fit. */
const KEPT_MAX = 128 * 1024 * 1024;

/** Downloads in memory at a time, from the request until the package is unpacked, in bytes. npm itself keeps as many as there are. */
const HELD_MAX = 128 * 1024 * 1024;

/** Judges tarballs by one policy, each distinct one once, for this process and for later ones. */
export class Inspector {
  readonly #policy: Policy;
  readonly #env: NodeJS.ProcessEnv;
  readonly #verdicts: VerdictStore;
  readonly #held = new ByteBudget(HELD_MAX);
  readonly #tars = new WeakMap<Uint8Array, Uint8Array>();
  #keptBytes = 0;
  /** What a person should know of the policy. One line each, escaped. */
  readonly warnings: readonly string[];

  /** Reads the policy files. Throws what {@link loadPolicy} throws. */
  constructor({ project, env }: Place) {
    const { policy, warnings } = loadPolicy({ cwd: project, env });
    this.#policy = policy;
    this.#env = env;
    this.#verdicts = openVerdictStore({ ruleset: RULESET, policy, env });
    this.warnings = warnings;
    process.once('exit', () => this.#verdicts.flush());
  }

  /** Bytes past this are refused unread. */
  get maxBytes(): number {
    return tarballBytesMax(this.#policy.limits);
  }

  /**
   * Resolves when there is room for one more download, of which nobody knows yet how long it is: for as many as npm makes at
   * once, where those under way are small. One that turns out to be large keeps others waiting until it is unpacked.
   */
  async admit(atOnce: number): Promise<ByteShare> {
    const share = this.#held.share();
    await share.take(Math.floor(HELD_MAX / atOnce));
    return share;
  }

  /** The error for what is longer than that. */
  tooLarge(): Error {
    return TooLargeError.read(this.maxBytes);
  }

  /** The folder for what npx installs under these rules and this policy. */
  npxFolder(): string {
    return npxFolder(`${RULESET}-${policyFingerprint(this.#policy).slice(0, 32)}`, this.#env);
  }

  /** See {@link npxFolderInstead}. */
  npxFolderInstead(folder: string, error: unknown): string | undefined {
    return npxFolderInstead(folder, error);
  }

  /** Undefined when the bytes are accepted under each expectation. */
  judge(bytes: Uint8Array, subject: Subject): Refused | undefined {
    // Of the bytes in hand: what was promised of them proves nothing about a remembered verdict.
    const integrity = integrityOf(bytes);
    const expectations = subject.expected.length === 0 ? [{}] : subject.expected;
    for (const expected of expectations) {
      const refused = this.#judgeOne({ bytes, integrity, expected }, subject);
      if (refused === undefined) continue;
      this.takeTar(bytes);
      return refused;
    }
    return undefined;
  }

  /** What bytes that were accepted unpack to, if it was kept. Answers once: it is forgotten then. */
  takeTar(bytes: Uint8Array): Uint8Array | undefined {
    const tar = this.#tars.get(bytes);
    this.#tars.delete(bytes);
    this.#keptBytes -= tar?.length ?? 0;
    return tar;
  }

  #judgeOne(
    of: { bytes: Uint8Array; integrity: string; expected: Identity },
    subject: Subject,
  ): Refused | undefined {
    const { bytes, integrity, expected } = of;
    const key = { integrity, expected };
    let verdict = this.#verdicts.get(key);
    if (verdict === undefined) {
      this.takeTar(bytes);
      const room = (size: number): Uint8Array | undefined =>
        this.#keptBytes + size > KEPT_MAX ? undefined : Buffer.allocUnsafeSlow(size);
      const sha512 = sha512Of(integrity);
      const judged = inspectKeeping(bytes, {
        expected,
        policy: this.#policy,
        room,
        ...(sha512 !== undefined && { sha512 }),
      });
      verdict = judged.verdict;
      this.#verdicts.put(key, verdict);
      if (judged.tar !== undefined) {
        this.#tars.set(bytes, judged.tar);
        this.#keptBytes += judged.tar.length;
      }
    }
    return verdict.status === 'accept' ? undefined : refusedBy(verdict, subject);
  }
}

function labelOf(subject: Subject, verdict?: Verdict): string {
  if (subject.label !== undefined) return subject.label;
  const { name, version } = verdict?.manifest ?? {};
  if (name === undefined) return subject.source ?? 'a tarball';
  return version === undefined ? name : `${name}@${version}`;
}

const rejecting = (finding: Finding): boolean =>
  finding.level === 'error' && finding.excepted === undefined;

function reason({ rule, entry, message }: Finding): string {
  return entry === undefined ? `${rule}: ${message}` : `${rule}: ${printable(entry)}: ${message}`;
}

function refusedBy(verdict: Verdict, subject: Subject): Refused {
  const label = labelOf(subject, verdict);
  const findings = verdict.findings.filter(rejecting);
  return {
    subject: printable(redactUrl(label)),
    reasons: findings.map(reason),
    remedies: [...new Set(findings.map((one) => one.rule))].map(
      (rule) => `${rule}: ${adviceText(rules[rule].advice)}`,
    ),
    message: formatBlock({ subject: label, source: subject.source, verdict }),
  };
}

/** What was not inspected is never taken for clean. */
export function notInspected(subject: Subject, why: string, cause?: unknown): Refused {
  const detail = cause instanceof Error ? `${why} (${printable(cause.message)})` : why;
  return unread(subject, detail, []);
}

/** The refusal of what was not read to its end, however it is known to be longer than is read. */
export function tooLong(subject: Subject, why: string): Refused {
  const where = subject.source === undefined ? '' : ` (${printable(redactUrl(subject.source))})`;
  return unread(subject, `${why}${where}`, [TOO_LARGE_REMEDY]);
}

function unread(subject: Subject, why: string, remedies: readonly string[]): Refused {
  const label = printable(redactUrl(labelOf(subject)));
  const lines = [
    `tarwarden: ${label} could not be inspected: ${why}; nothing of it was unpacked`,
    ...remedies.map((remedy) => `what to do: ${remedy}`),
  ];
  return { subject: label, reasons: [why], remedies, message: lines.join('\n') };
}

/**
 * Bounds the downloads of npm's tarballs, which make-fetch-happen reads as fast as they come and however long they are,
 * into memory and its cache. pacote marks its requests.
 */
export function limitDownloads(bytesMax: number): void {
  limitBodies((request) =>
    String(request.getHeader('pacote-req-type')) === 'tarball' ? bytesMax : undefined,
  );
}

export { isTooLarge };

/** The first place outside a package that its own lockfile names, in words; undefined where there is none. */
export function lockfileEscape(lockfile: unknown): string | undefined {
  return placesOutside(lockfile)[0];
}

/** Why a name or version leaves its folder when it is joined to one, or undefined. */
export function climbs(name: string): string | undefined {
  return unsafeName(name);
}
