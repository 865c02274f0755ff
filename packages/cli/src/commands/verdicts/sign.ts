/* Inspects the packages that lockfiles name, and signs each verdict. A package without a verdict is not signed. */
import pMap from 'p-map';
import { audit, type AuditResult } from '@tarwarden/audit';
import { type Policy, TarwardenError } from '@tarwarden/core';
import { escapedJson, plural, printable, redactUrl } from '@tarwarden/core/text';
import {
  PolicyFingerprints,
  replaceFile,
  signingKeyIn,
  isDocumentUrl,
  readAtMost,
} from '@tarwarden/host';
import {
  addressOf,
  signVerdict,
  summaryAttestation,
  type SigningKey,
} from '@tarwarden/host/signed-verdicts';
import { auditOptions } from '../../archives/inspection-threads.ts';
import { type Call, tell, write, UsageError } from '@tarwarden/host/command-line';
import type { VERDICTS_OPTIONS } from './definition.ts';
import { startProgress } from '../../archives/progress.ts';
import { noStore } from './bring-in.ts';
import { policyIn } from '../../working-folder.ts';
import { lockedAt } from './lockfiles.ts';

interface Signed {
  readonly address: string;
  readonly envelope: string;
}

/** Envelopes that are sent to a store at once. */
const AT_ONCE = 8;
/** The most bytes of a store's answer. It is a word, or a reason for a refusal. */
const ANSWER_BYTES_MAX = 64 * 1024;
/** Milliseconds for one envelope. */
const TIME_LIMIT = 10_000;

/**
 * Stores envelopes.
 * @throws TarwardenError for the first one that the store refuses.
 */
export async function putAll(url: string, signed: readonly Signed[]): Promise<void> {
  if (!isDocumentUrl(url))
    throw new UsageError(
      `${redactUrl(url)} is not an https address, nor http of this machine`,
      'verdicts',
    );
  const base = url.endsWith('/') ? url : `${url}/`;
  await pMap(signed, (envelope) => put(base, envelope), { concurrency: AT_ONCE });
}

async function put(base: string, { address, envelope }: Signed): Promise<void> {
  let answer: string;
  try {
    const response = await fetch(new URL(`v1/${address}`, base), {
      method: 'PUT',
      body: envelope,
      redirect: 'error',
      headers: { 'content-type': 'application/vnd.dsse.envelope+json' },
      signal: AbortSignal.timeout(TIME_LIMIT),
    });
    const text = await textOf(response);
    if (response.ok) return;
    answer = `it answered ${response.status}: ${printable(text.trim(), 200)}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    answer = cause instanceof Error ? cause.message : String(cause);
  }
  throw new TarwardenError(
    'STORE_FAILED',
    `the store ${redactUrl(base)} does not take a verdict: ${answer}`,
  );
}

/** Reads at most {@link ANSWER_BYTES_MAX}. With an endless answer, not even the timer would run. */
async function textOf({ body }: Response): Promise<string> {
  if (body === null) return '';
  const tooLong = (): Error => new Error('its answer is too long');
  const pieces = body as unknown as AsyncIterable<Buffer>;
  return String(await readAtMost(pieces, { bytesMax: ANSWER_BYTES_MAX, tooLong }));
}

type Options = typeof VERDICTS_OPTIONS;

/** `tarwarden verdicts push` and `export`. */
export async function sign(
  action: 'push' | 'export',
  paths: readonly string[],
  { values, mainUrl }: Call<Options>,
): Promise<number> {
  const { key: keyFile, out, url, summaries } = values;
  if (keyFile === undefined) throw new UsageError(`${action} needs --key FILE`, 'verdicts');
  if (action === 'export' && out === undefined)
    throw new UsageError('export needs --out FILE', 'verdicts');
  if (action === 'push' && summaries !== undefined)
    throw new UsageError('--summaries is for export: a store keeps verdicts', 'verdicts');
  const { policy, verdicts } = policyIn();
  const store = url ?? process.env['TARWARDEN_VERDICTS_URL'] ?? verdicts?.url;
  if (action === 'push' && (store === undefined || store === '')) throw noStore();
  const key = signingKeyIn(keyFile);
  const offline = values.offline === true;
  const signer = new Signer(policy, {
    key,
    verifier: summaries,
  });
  const progress = startProgress(process.stderr, 'packages');
  const locked = lockedAt(paths, offline);
  const total = locked.reduce((sum, { plan }) => sum + plan.tasks.length, 0);
  for (const { plan, sources } of locked) {
    const options = {
      ...sources,
      ...auditOptions({ policy, mainUrl }),
      ofBytes: true as const,
    };
    for await (const result of audit(plan, options)) {
      signer.take(result);
      progress.update(signer.count, total);
    }
  }
  progress.clear();
  const { signed } = signer;
  if (action === 'export')
    replaceFile(out!, signed.map(({ envelope }) => `${envelope}\n`).join(''));
  else await putAll(store!, signed);
  for (const line of signer.unsigned) tell(`not signed: ${line}`);
  await write(
    values.reporter === 'json'
      ? `${escapedJson({ schema: 1, signed: signed.length, rejected: signer.rejected, unsigned: signer.unsigned })}\n`
      : `${plural(signed.length, 'verdict')} signed, of which ${signer.rejected} reject; ${signer.unsigned.length} not signed\n`,
  );
  if (signer.rejected > 0) return 1;
  return signer.unsigned.length > 0 ? 2 : 0;
}

interface SignerOptions {
  readonly key: SigningKey;
  readonly verifier: string | undefined;
}

class Signer {
  readonly unsigned: string[] = [];
  rejected = 0;
  readonly #policies: PolicyFingerprints;
  readonly #options: SignerOptions;
  readonly #signed = new Map<string, string>();

  constructor(policy: Policy, options: SignerOptions) {
    this.#policies = new PolicyFingerprints(policy);
    this.#options = options;
  }

  get count(): number {
    return this.#signed.size;
  }

  /** Sorted by address, so that equal verdicts give equal files. */
  get signed(): Signed[] {
    const all = [...this.#signed].map(([address, envelope]) => ({ address, envelope }));
    return all.sort((first, other) => (first.address < other.address ? -1 : 1));
  }

  take(result: AuditResult): void {
    if (result.status === 'own') return;
    if (result.status === 'not-inspected') {
      this.#passOver(result, result.error.message);
      return;
    }
    const { verdict, expected } = result;
    const { key, verifier } = this.#options;
    const { sha512 } = verdict.archive;
    const { format } = verdict;
    const asked = this.#policies.asked({ sha512, format, ...(expected && { expected }) });
    let envelope: string;
    try {
      envelope =
        verifier === undefined
          ? signVerdict(asked, verdict, key)
          : summaryAttestation({ asked, verdict }, { verifier, key });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      // The verdicts of the other archives are still signed.
      this.#passOver(result, error.message);
      return;
    }
    if (verdict.status === 'reject') this.rejected += 1;
    this.#signed.set(addressOf(asked), envelope);
  }

  #passOver({ package: about }: AuditResult, why: string): void {
    const { name = 'a lockfile', version = '' } = about ?? {};
    this.unsigned.push(`${printable(`${name} ${version}`)}: ${why}`);
  }
}
