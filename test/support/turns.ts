/**
 * End-to-end tests that run every version of a client in turn: the newest has all of them, each older one a third. `TARWARDEN_E2E_FULL=1`
 * runs all of them with all.
 */
import { beforeEach, type RunnerTask, type RunnerTestSuite } from 'vitest';

const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';

/** By the name of an older version's suite: the newest one, and which third it has. The order is that of the tests in the file. */
const older: Readonly<Record<string, { newest: string; turn: number }>> = {
  'npm-10': { newest: 'npm-12', turn: 0 },
  'npm-11': { newest: 'npm-12', turn: 1 },
  'pnpm-10': { newest: 'pnpm-12', turn: 0 },
  'pnpm-11': { newest: 'pnpm-12', turn: 1 },
  'pnpm-10-20': { newest: 'pnpm-12', turn: 2 },
  'yarn-3': { newest: 'yarn-4', turn: 0 },
};

/** Whether a test belongs to an older version, beside the same tests of the newest, and not to its third. */
function isAnothersTurn(test: RunnerTask): boolean {
  for (let suite = test.suite; suite !== undefined; suite = suite.suite) {
    const name = /^\S+?-[\d-]+(?=$|,? )/.exec(suite.name)?.[0] ?? '';
    const client = older[name];
    if (client === undefined) continue;
    const beside = (suite.suite ?? suite.file).tasks;
    const twin = suite.name.replace(name, client.newest);
    if (!beside.some((task) => task.type === 'suite' && task.name === twin)) return false;
    return testsIn(suite).indexOf(test) % 3 !== client.turn;
  }
  return false;
}

const testsIn = (suite: RunnerTestSuite): RunnerTask[] =>
  suite.tasks.flatMap((task) => (task.type === 'suite' ? testsIn(task) : [task]));

beforeEach(({ task, skip }) => {
  if (!FULL && isAnothersTurn(task)) skip('another version of the client has the turn');
});
