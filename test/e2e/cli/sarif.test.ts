import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { symlink } from '../../support/attacks/links.ts';
import { tgz } from '../../support/pkg.ts';
import { makePlace, type Place } from './sandbox.ts';

/**
 * Microsoft's validator, with the rules for GitHub. It takes 104 MB, so who wants to run it installs
 * `@microsoft/sarif-multitool-linux` anywhere and names its program here.
 */
const MULTITOOL = process.env['TARWARDEN_SARIF_MULTITOOL'];

let place: Place;
beforeEach(() => {
  place = makePlace();
  place.put('vendor/clean.tgz', tgz({ name: 'clean', version: '1.0.0' }));
  place.put('vendor/bad.tgz', symlink.build({ name: 'bad', version: '1.0.0' }));
});
afterEach(() => place.dispose());

describe('scan --reporter sarif', () => {
  it('prints one log, with paths from the root of the repository', async () => {
    const { code, stdout } = await place.run(
      ['scan', '--reporter', 'sarif', 'bad.tgz', 'clean.tgz'],
      { cwd: join(place.root, 'vendor') },
    );
    expect(code).toBe(1);
    const [run] = (JSON.parse(stdout) as Log).runs;
    expect(run!.invocations).toEqual([{ executionSuccessful: true }]);
    expect(run!.results).toMatchObject([
      {
        ruleId: 'symlink',
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'vendor/bad.tgz', uriBaseId: '%SRCROOT%' },
              region: { startLine: 1 },
            },
          },
        ],
      },
    ]);
  });

  it('exits with 2 for what could not be inspected, and says so in the log', async () => {
    const { code, stdout } = await place.run(['scan', '--reporter', 'sarif', 'missing.tgz']);
    expect(code).toBe(2);
    const [invocation] = (JSON.parse(stdout) as Log).runs[0]!.invocations!;
    expect(invocation!.executionSuccessful).toBe(false);
  });

  it.skipIf(MULTITOOL === undefined)(
    'is valid for the multitool (skipped unless TARWARDEN_SARIF_MULTITOOL names its program)',
    async () => {
      const paths = ['vendor', 'missing.tgz'];
      const { stdout } = await place.run(['scan', '--reporter', 'sarif', ...paths]);
      expect(validationErrors(stdout)).toEqual([]);
      // It ends with 0 whatever it finds: that it finds anything is seen by a log that is wrong.
      const broken = JSON.parse(stdout) as Log;
      delete broken.runs[0]!.results![0]!.locations;
      expect(validationErrors(JSON.stringify(broken))).not.toEqual([]);
    },
  );
});

function validationErrors(text: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'tarwarden-sarif-'));
  try {
    place.put('log.sarif', Buffer.from(text));
    const output = join(folder, 'out.sarif');
    const log = join(place.root, 'log.sarif');
    const args = ['validate', log, '--rule-kind', 'Sarif;Ghas', '-o', output];
    const { status } = spawnSync(MULTITOOL!, args, { encoding: 'utf8' });
    expect(status).toBe(0);
    const found = (JSON.parse(readFileSync(output, 'utf8')) as Log).runs.flatMap(
      (run) => run.results ?? [],
    );
    return found
      .filter(({ level }) => level === 'error')
      .map(({ ruleId, message }) => `${ruleId}: ${JSON.stringify(message)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
