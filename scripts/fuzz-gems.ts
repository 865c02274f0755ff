/**
 * Differential fuzzing of gems: `pnpm fuzz:gems [--minutes N] [--seed S] [--replay ROUND]`.
 *
 * Gems with a changed gemspec or content are inspected; what is accepted is read by RubyGems as well, and its content unpacked by
 * tar programs. Exit 0: all agree. Exit 1: a disagreement, or a crash; the gem is left in `.fuzz/`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inspect } from '@tarwarden/core';
import { gemDisagreements, tarPrograms } from '../test/differential/oracles/gem-agreement.ts';
import { RubyGems, rubygemsVersions } from '../test/differential/oracles/rubygems.ts';
import { gemInput } from '../test/fuzz/gems.ts';

const folder = fileURLToPath(new URL('../.fuzz', import.meta.url));
/** Programs that unpack to disk cost a process each, so they see one accepted gem in so many. */
const PROGRAM_EVERY = 20;
const MAX_FAILURES = 10;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    replay: { type: 'string' },
  },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000_007);
const minutes = Number(values.minutes);
if (!Number.isFinite(seed) || !(minutes > 0)) {
  console.error('usage: fuzz:gems [--minutes N] [--seed S] [--replay ROUND]');
  process.exit(2);
}
if (rubygemsVersions.length === 0) {
  console.error('fuzz:gems: there is no ruby');
  process.exit(2);
}

const clients = rubygemsVersions.map((args) => new RubyGems(args));
const only = values.replay === undefined ? undefined : Number(values.replay);
const stop = Date.now() + minutes * 60_000;
const counts = { gems: 0, accepted: 0, failures: 0 };
for (let round = only ?? 0; Date.now() < stop && counts.failures < MAX_FAILURES; round++) {
  const gem = gemInput(seed, round);
  counts.gems++;
  const { status } = inspect(gem, { format: 'gem' });
  if (status === 'accept') {
    counts.accepted++;
    const programs = only !== undefined || round % PROGRAM_EVERY === 0 ? tarPrograms : [];
    const lines = await gemDisagreements(gem, clients, programs);
    if (lines.length > 0) {
      counts.failures++;
      mkdirSync(folder, { recursive: true });
      const file = join(folder, `gem-${seed}-${round}.gem`);
      writeFileSync(file, gem);
      console.log(`round ${round}, kept as ${file}:\n  ${lines.join('\n  ')}`);
    }
  }
  if (only !== undefined) break;
}
for (const client of clients) await client.end();
console.log(`seed ${seed}: ${JSON.stringify(counts)}`);
process.exitCode = counts.failures === 0 ? 0 : 1;
