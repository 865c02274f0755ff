import { createHash } from 'node:crypto';
import type { Verdict } from '../../packages/core/src/finding/verdict.ts';
import {
  keyPair,
  readPinnedKeys,
  readSigningKey,
  type VerdictQuestion,
  type PinnedKey,
  type SigningKey,
} from '../../packages/host/src/signed-verdicts/index.ts';

export const TODAY = '2026-11-26';

export function sha512Hex(text: string): string {
  return createHash('sha512').update(text).digest('hex');
}

export function asked(
  text: string = 'bytes',
  more: Partial<VerdictQuestion> = {},
): VerdictQuestion {
  return {
    sha512: sha512Hex(text),
    format: 'npm',
    expected: { name: '@scope/left', version: '1.0.0' },
    ruleset: '9',
    policy: 'a'.repeat(64),
    ...more,
  };
}

export function verdictOn(text: string = 'bytes', more: Partial<Verdict> = {}): Verdict {
  const sha512 = sha512Hex(text);
  return {
    status: 'accept',
    format: 'npm',
    findings: [],
    omitted: 0,
    archive: {
      sha512,
      integrity: `sha512-${Buffer.from(sha512, 'hex').toString('base64')}`,
      compressedBytes: 5,
      unpackedBytes: 10,
      entries: 1,
    },
    ...more,
  };
}

export function rejection(text: string = 'bytes'): Verdict {
  return verdictOn(text, {
    status: 'reject',
    findings: [{ rule: 'symlink', level: 'error', message: 'a link to ../..', entry: 'config' }],
  });
}

export interface Signer {
  readonly key: SigningKey;
  readonly pinned: readonly PinnedKey[];
  readonly text: string;
  /** The private key. */
  readonly pem: string;
}

export function signer(more: { notAfter?: string; name?: string } = {}): Signer {
  const { pem, publicText } = keyPair();
  return {
    key: readSigningKey(pem),
    pinned: readPinnedKeys([{ key: publicText, ...more }], 'verdicts'),
    text: publicText,
    pem,
  };
}
