/* Tests of odd answers: whatever a registry answers, no face of the gateway ends the process, hangs, or hands on bytes of an archive that it has not accepted. */
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ODD_ANSWERS, startOddRegistry, type OddRegistry } from '../../../support/odd-answers.ts';
import { ODD_FACES } from '../../../support/odd-faces.ts';
import { startGateway, type Answered, type Testing } from './support.ts';

/** Whether a target is given an answer: the numbers of both, and how many targets the face has. */
type Picks = (answer: number, target: number, targets: number) => boolean;

let registry: OddRegistry;
let testing: Testing;
let uncaught: unknown[];
const note = (error: unknown): void => void uncaught.push(error);
export function testOddAnswers(picks: Picks): void {
  beforeEach(() => {
    uncaught = [];
    process.on('uncaughtException', note);
  });
  afterEach(() => {
    process.off('uncaughtException', note);
    registry.close();
  });

  describe.each(ODD_FACES)('$ecosystem', ({ ecosystem, base, pages, targets }) => {
    const given = targets.map((target, number) => ({
      ...target,
      answers: Object.entries(ODD_ANSWERS).filter((_, answer) =>
        picks(answer, number, targets.length),
      ),
    }));

    beforeEach(async () => {
      const all = new Map<string, { readonly body: Buffer; readonly type: string }>();
      registry = await startOddRegistry(all);
      for (const [path, page] of pages(registry.url)) all.set(path, page);
      testing = await startGateway(registry.url + base, { ecosystem });
    });

    it.each(given)(
      '$method $target',
      async ({ target, path, isArchive = false, answers, ...asking }) => {
        const honest = await testing.ask(target, asking);
        for (const [name, make] of answers) {
          registry.odd = { path, make };
          const got = await testing.ask(target, asking).catch(() => undefined);
          await turn();
          expect({ name, uncaught }).toEqual({ name, uncaught: [] });
          // The registry has failed, and not the gateway.
          const failed = testing.log.filter(({ msg }) => msg === 'the gateway failed');
          expect({ name, failed }).toEqual({ name, failed: [] });
          expect({ name, answered: got !== undefined }).toEqual({ name, answered: true });
          if (isArchive && got?.status === 200)
            expect({ name, same: same(got, honest) }).toEqual({ name, same: true });
          registry.odd = undefined;
          await registry.closed();
          await turn();
          const again = await testing.ask(target, asking);
          expect({ name, status: again.status, same: same(again, honest) }).toEqual({
            name,
            status: honest.status,
            same: true,
          });
        }
        await expect.poll(() => testing.held()).toEqual([]);
        expect(testing.log.filter(({ err }) => err !== undefined)).toEqual([]);
      },
    );
  });
}

function same({ body }: Answered, other: Answered): boolean {
  return body.equals(other.body);
}
