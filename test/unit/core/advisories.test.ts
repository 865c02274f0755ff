/** The table of advisories in the README: each is one of the doctor's records, and its kind of archive is rejected by that rule. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect, type Verdict } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { sdistAttacks } from '../../support/attacks/sdist.ts';
import { wheelAttacks } from '../../support/attacks/wheel.ts';
import { repository } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { entry, gnuLongName, pax } from '../../support/tar.ts';

/** An archive of the kind that each advisory is about. */
const VERDICTS: Readonly<Record<string, () => Verdict>> = {
  'GHSA-vmf3-w455-68vh': () =>
    inspect(
      tgz({
        entries: [
          pax({ size: '2048' }),
          gnuLongName('package/long.js'),
          entry({ name: 'package/short.js', body: 'x' }),
        ],
      }),
    ),
  'GHSA-vq4v-j7r6-jq4m': () => inspect(tgz({ manifest: { name: '../../elsewhere' } })),
  'GHSA-58qw-9mgm-455v': () => {
    const hidden = sdistAttacks().find(({ rules }) => rules.includes('other-format'))!;
    return inspect(hidden.bytes, { format: 'sdist' });
  },
  'GHSA-6vgw-5pg2-w6jp': () => {
    const sibling = wheelAttacks.find(({ name }) => name === 'wheel-sibling-folder')!;
    return inspect(sibling.bytes, { format: 'wheel' });
  },
  'GHSA-w476-p2h3-79g9': () => inspect(attack('pax-size-desync').build()),
  'GHSA-5r98-f33j-g8h7': () => inspect(attack('duplicate-path').build()),
};

const ROW =
  /^\| \[([\w-]+)\]\(https:\/\/github\.com\/advisories\/([\w-]+)\) \| (.*?) \| \[([\w-]+)\]\(docs\/rules\/[\w-]+\.md(?:#\4)?\) \|$/gm;
const rows = [...readFileSync(join(repository, 'README.md'), 'utf8').matchAll(ROW)].map(
  ([, name = '', id = '', words = '', rule = '']) => ({ name, id, words, rule }),
);

it('the table has a row for each of these archives', () => {
  expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(Object.keys(VERDICTS)));
});

describe.each(rows)('$name', ({ name, id, words, rule }) => {
  it('is a record of the doctor, with the versions that the table names', () => {
    const text = readFileSync(join(repository, `data/advisories/${id}.json`), 'utf8');
    const record = JSON.parse(text) as { id: string; aliases?: string[] };
    expect([record.id, ...(record.aliases ?? [])]).toContain(name);
    const versions = words.match(/\d+\.\d+(?:\.\d+)?/g) ?? [];
    expect(versions.length).toBeGreaterThan(0);
    for (const version of versions) expect(text).toContain(`"fixed": "${version}"`);
  });

  it(`rejects an archive of its kind by ${rule}`, () => {
    const verdict = VERDICTS[id]?.();
    expect(verdict?.status).toBe('reject');
    expect(verdict?.findings.map((finding) => finding.code ?? finding.rule)).toContain(rule);
  });
});
