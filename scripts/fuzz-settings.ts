/**
 * Differential fuzzing of settings files: `pnpm fuzz:settings [--client NAME]... [--minutes N] [--seed S] [--replay ROUND]`.
 *
 * Random settings files are read by the real client and by `@tarwarden/settings`; `--minutes` counts for each client.
 * Exit 0: all agree. Exit 1: a difference, which is printed.
 */
import { parseArgs } from 'node:util';
import { settingsSubjects } from '../test/fuzz/settings/index.ts';
import { differences } from '../test/fuzz/settings/rounds.ts';

const MAX_DIFFERENCES = 5;

const { values } = parseArgs({
  options: {
    client: { type: 'string', multiple: true },
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    replay: { type: 'string' },
  },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000_007);
const minutes = Number(values.minutes);
const wanted = values.client ?? settingsSubjects.map(({ client }) => client);
const unknown = wanted.filter((name) => !settingsSubjects.some(({ client }) => client === name));
if (!Number.isFinite(seed) || !(minutes > 0) || unknown.length > 0) {
  console.error(
    'usage: fuzz:settings [--client NAME]... [--minutes N] [--seed S] [--replay ROUND]',
  );
  console.error(`clients: ${settingsSubjects.map(({ client }) => client).join(', ')}`);
  process.exit(2);
}

const only = values.replay === undefined ? undefined : Number(values.replay);
for (const subject of settingsSubjects.filter(({ client }) => wanted.includes(client))) {
  if (!subject.isAvailable) {
    console.log(`${subject.client}: not installed here`);
    continue;
  }
  const stop = Date.now() + minutes * 60_000;
  const counts = { cases: 0, differences: 0 };
  let round = only ?? 0;
  do {
    const count = only === undefined ? subject.batch : 1;
    for (const found of await differences(subject, seed, round, count)) {
      counts.differences++;
      console.log(`${subject.client}, round ${found.round}: ${JSON.stringify(found, null, 2)}`);
    }
    counts.cases += count;
    round += count;
  } while (only === undefined && Date.now() < stop && counts.differences < MAX_DIFFERENCES);
  console.log(`${subject.client}, seed ${seed}: ${JSON.stringify(counts)}`);
  if (counts.differences > 0) process.exitCode = 1;
}
