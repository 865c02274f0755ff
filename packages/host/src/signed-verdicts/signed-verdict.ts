/* A verdict as an in-toto statement (Statement v1, with its own predicate type), signed by one key. */
import type { ExpectedPackage, Verdict } from '@tarwarden/core';
import { addressOf, type VerdictQuestion } from './asked.ts';
import { canonicalJson } from './canonical-json.ts';
import { ENVELOPE_BYTES_MAX, openEnvelope, sealEnvelope } from './envelope.ts';
import { isUsable, type PinnedKey, type SigningKey } from './keys.ts';
import { purlOf } from './purl.ts';
import { isVerdict } from './verdict-shape.ts';

const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
/** The type of a predicate that holds the question and the verdict. */
export const PREDICATE_TYPE = 'pkg:npm/%40tarwarden/verdicts#verdict/v1';

/** The content of a signed verdict, and its signer. */
export interface SignedVerdict {
  readonly asked: VerdictQuestion;
  readonly verdict: Verdict;
  readonly key: PinnedKey;
}

/** The keys whose signatures count, and the day. */
export interface TrustedKeys {
  readonly keys: readonly PinnedKey[];
  /** `YYYY-MM-DD`, UTC. */
  readonly today: string;
}

interface Predicate {
  readonly format: VerdictQuestion['format'];
  readonly expected?: ExpectedPackage;
  readonly ruleset: string;
  readonly policy: string;
  readonly verdict: Verdict;
}

/**
 * The envelope (JSON) of a verdict. Equal verdicts give equal bytes: there is no time in it.
 * @throws TypeError for a verdict that is not about these bytes and this format, and for one that is too long: it quotes texts of
 *   the archive.
 */
export function signVerdict(asked: VerdictQuestion, verdict: Verdict, key: SigningKey): string {
  if (!isVerdict(verdict, asked)) throw new TypeError('the verdict is not one of what was asked');
  const envelope = sealEnvelope(statementOf(asked, verdict), key);
  if (envelope.length > ENVELOPE_BYTES_MAX)
    throw new TypeError(`the verdict takes more than ${ENVELOPE_BYTES_MAX} bytes`);
  return envelope;
}

/** The content of an envelope, if a key that counts on that day signed it; undefined otherwise. Never rejects. */
export async function verdictFrom(
  envelope: string,
  { keys, today }: TrustedKeys,
): Promise<SignedVerdict | undefined> {
  const usable = keys.filter((key) => isUsable(key, today));
  const opened = await openEnvelope(envelope, usable);
  if (opened === undefined) return undefined;
  const text = opened.payload.toString('utf8');
  const said = parse(text);
  if (said === undefined) return undefined;
  const { asked, verdict } = said;
  // Another reader may see another verdict in JSON with duplicate keys, another order or unknown fields.
  return statementOf(asked, verdict) === text ? { asked, verdict, key: opened.key } : undefined;
}

function statementOf({ sha512, ...context }: VerdictQuestion, verdict: Verdict): string {
  const { format, expected, ruleset, policy } = context;
  const { name, version } = expected ?? {};
  const isNamed = expected !== undefined && Object.keys(expected).length > 0;
  // The keys are in order, which lets canonicalJson take its short way.
  const predicate: Predicate = {
    ...(isNamed && { expected }),
    format,
    policy,
    ruleset,
    verdict,
  };
  return canonicalJson({
    _type: STATEMENT_TYPE,
    predicate,
    predicateType: PREDICATE_TYPE,
    subject: [
      {
        digest: { sha512 },
        ...(name !== undefined && version !== undefined && { name: purlOf(format, name, version) }),
      },
    ],
  });
}

function parse(text: string): Omit<SignedVerdict, 'key'> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const statement = value as {
    readonly subject?: readonly [{ readonly digest?: { readonly sha512?: unknown } }?];
    readonly predicate?: Partial<Record<keyof Predicate, unknown>>;
  } | null;
  const sha512 = statement?.subject?.[0]?.digest?.sha512;
  const { format, expected, ruleset, policy, verdict } = statement?.predicate ?? {};
  if (typeof sha512 !== 'string' || typeof ruleset !== 'string' || typeof policy !== 'string')
    return undefined;
  if (typeof format !== 'string' || !isExpected(expected)) return undefined;
  const asked = {
    sha512,
    format,
    ...(expected && { expected }),
    ruleset,
    policy,
  } as VerdictQuestion;
  return isVerdict(verdict, asked) ? { asked, verdict } : undefined;
}

function isExpected(value: unknown): value is ExpectedPackage | undefined {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  return entries.every(
    ([key, text]) => ['name', 'version', 'fileName'].includes(key) && typeof text === 'string',
  );
}

/** The verdict that counts among the envelopes of one address: a rejection before an acceptance. Never rejects. */
export async function verdictAmong(
  envelopes: readonly string[],
  address: string,
  trust: TrustedKeys,
): Promise<SignedVerdict | undefined> {
  const all = await Promise.all(envelopes.map(async (envelope) => verdictFrom(envelope, trust)));
  const said = all
    .filter((verdict) => verdict !== undefined)
    .filter(({ asked }) => addressOf(asked) === address);
  return said.find(({ verdict }) => verdict.status === 'reject') ?? said[0];
}
