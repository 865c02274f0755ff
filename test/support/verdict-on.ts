import { createHash } from 'node:crypto';
import type { Verdict } from '../../packages/core/src/finding/verdict.ts';

export function sha512Hex(text: string): string {
  return createHash('sha512').update(text).digest('hex');
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
