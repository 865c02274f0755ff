import { inspect, type Format, type Verdict } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';

import { attacks, cleanOddities, zipAttacks } from '../../support/attacks.ts';

const NAME = 'fixture';
const VERSION = '1.0.0';

function inspected(bytes: Buffer, format: Format = 'npm'): Verdict {
  return inspect(bytes, { format, expected: { name: NAME, version: VERSION } });
}

/** How long compressed data is differs between versions of zlib. */
function plain(message: string): string {
  return message.replace(/\d+ bytes, still compressed/, 'some bytes, still compressed');
}

/** Everything that a verdict says, so that one more finding than is wanted fails as well. */
function outline({ status, findings, omitted }: Verdict): string {
  const lines = findings.map(
    ({ level, rule, code = rule, message, layer, offset, field, entryIndex }) => {
      const at = layer === 'tar' ? offset : undefined;
      const where = [layer, at, field, entryIndex].filter((part) => part !== undefined);
      return `  ${level} ${code} (${where.join(', ') || 'the archive'})\n    ${plain(message)}`;
    },
  );
  return [status, ...lines, ...(omitted > 0 ? [`  and ${omitted} more`] : [])].join('\n');
}

describe('every attack is found by name', () => {
  const all = [
    ...attacks.map((one) => ['npm', one.id, one] as const),
    ...zipAttacks.map((one) => ['yarn-zip', one.id, one] as const),
  ];
  it.each(all)('%s: %s', (format, _id, attack) => {
    const verdict = inspected(attack.build({ name: NAME, version: VERSION }), format);
    const found = verdict.findings.map(
      (finding) => `${finding.level} ${finding.code ?? finding.rule}`,
    );
    for (const code of attack.codes) expect(found).toContain(`${attack.level} ${code}`);
    expect(verdict.status).toBe(attack.level === 'error' ? 'reject' : 'accept');
    expect(outline(verdict)).toMatchSnapshot();
  });
});

describe('what real packages have passes', () => {
  it.each(cleanOddities.map((oddity) => [oddity.id, oddity] as const))('%s', (_id, oddity) => {
    const verdict = inspected(oddity.build({ name: NAME, version: VERSION }));
    expect(verdict.findings.filter((finding) => finding.level === 'error')).toEqual([]);
    expect(verdict.status).toBe('accept');
    expect(outline(verdict)).toMatchSnapshot();
  });
});
