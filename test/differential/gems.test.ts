/** An accepted gem has one reading: RubyGems has of it what was inspected, and unpacks the same files as tar programs do. */
import { inspect } from '@tarwarden/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gemInput } from '../fuzz/gems.ts';
import { cleanGems, gemAttacks } from '../support/attacks/gem.ts';
import { gemDisagreements, tarPrograms } from './oracles/gem-agreement.ts';
import { RubyGems, rubygemsVersions } from './oracles/rubygems.ts';

const SEED = 14;
const ROUNDS = 600;

let clients: RubyGems[] = [];
beforeAll(() => void (clients = rubygemsVersions.map((args) => new RubyGems(args))));
afterAll(async () => {
  for (const client of clients) await client.end();
});

const accepted = (bytes: Buffer, fileName?: string): boolean =>
  inspect(bytes, { format: 'gem', ...(fileName !== undefined && { expected: { fileName } }) })
    .status === 'accept';

describe('what is accepted is read alike', { tags: ['ruby'] }, () => {
  it.each(cleanGems.map((one) => [one.title, one] as const))('%s', async (_title, one) => {
    expect(accepted(one.bytes, one.fileName)).toBe(true);
    expect(await gemDisagreements(one.bytes, clients, tarPrograms)).toEqual([]);
  });

  it('also where the gemspec or the content was changed', async () => {
    const found: string[] = [];
    let passed = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const gem = gemInput(SEED, round);
      if (!accepted(gem)) continue;
      passed++;
      const lines = await gemDisagreements(gem, clients, round % 20 === 0 ? tarPrograms : []);
      found.push(...lines.map((line) => `round ${round}: ${line}`));
    }
    expect(found).toEqual([]);
    expect(passed).toBeGreaterThan(ROUNDS / 20);
  }, 120_000);
});

describe('the comparison would see', { tags: ['ruby'] }, () => {
  it.each(['gem-extended-header-deletes', 'gem-gnu-long-name', 'gem-hardlink', 'gem-pax-size'])(
    'what is rejected for it: %s',
    async (name) => {
      const { bytes } = gemAttacks.find((one) => one.name === name)!;
      expect(await gemDisagreements(bytes, clients, tarPrograms)).not.toEqual([]);
    },
  );
});
