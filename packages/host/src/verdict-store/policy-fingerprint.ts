import { hash } from 'node:crypto';
import type { Exception, Policy } from '@tarwarden/core';

/** Equal for policies that give equal verdicts. `today` matters only if it makes an exception expire. Hex. */
export function policyFingerprint(policy: Policy): string {
  // The contact is a line of a refusal, and no verdict depends on it.
  const { today, exceptions, proposals = [], contact: _contact, ...rest } = policy;
  const dated = (all: readonly Exception[]): object[] =>
    all.map((exception) => ({ ...exception, expired: exception.expires < today }));
  return hash(
    'sha256',
    sortedJson({
      ...rest,
      exceptions: dated(exceptions),
      ...(proposals.length > 0 && { proposals: dated(proposals) }),
    }),
  );
}

/** JSON with sorted keys, without undefined fields: equal values give equal texts. */
function sortedJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  const fields = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(fields).filter((key) => fields[key] !== undefined);
  const pairs = keys.sort().map((key) => `${JSON.stringify(key)}:${sortedJson(fields[key])}`);
  return `{${pairs.join(',')}}`;
}
