/**
 * End-to-end tests that run every version of a client in turn: the newest has all of them, each older one a third. `TARWARDEN_E2E_FULL=1`
 * runs all of them with all.
 */
import { beforeEach, type RunnerTask, type RunnerTestSuite } from 'vitest';
import { npms, pnpms } from './managers.ts';

const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';

/** Each client's versions, the newest last. An older one has the third of its position: pnpm 10.20 has the one that 10 and 11 leave. */
const clients: readonly (readonly string[])[] = [
  npms,
  [...pnpms.slice(0, -1), 'pnpm-10-20', ...pnpms.slice(-1)],
  ['yarn-3', 'yarn-4'],
];

/** Whether a test belongs to an older version, beside the same tests of the newest, and not to its third. */
function isAnothersTurn(test: RunnerTask): boolean {
  for (let suite = test.suite; suite !== undefined; suite = suite.suite) {
    const name = /^\S+?-[\d-]+(?=$|,? )/.exec(suite.name)?.[0] ?? '';
    const versions = clients.find((all) => all.slice(0, -1).includes(name));
    if (versions === undefined) continue;
    const beside = (suite.suite ?? suite.file).tasks;
    const twin = suite.name.replace(name, versions.at(-1)!);
    if (!beside.some((task) => task.type === 'suite' && task.name === twin)) return false;
    return testsIn(suite).indexOf(test) % 3 !== versions.indexOf(name);
  }
  return false;
}

const testsIn = (suite: RunnerTestSuite): RunnerTask[] =>
  suite.tasks.flatMap((task) => (task.type === 'suite' ? testsIn(task) : [task]));

beforeEach(({ task, skip }) => {
  if (!FULL && isAnothersTurn(task)) skip('another version of the client has the turn');
});
