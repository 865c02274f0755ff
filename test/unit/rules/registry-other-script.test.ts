import { describe, expect, it } from 'vitest';
import { locked, rulesOf, type Words } from '../../support/words.ts';

const RULE = 'registry-other-script';

describe('registry-other-script', () => {
  it.each<[string, Words]>([
    [
      'a script that only the document has',
      { document: { scripts: { install: 'node-gyp rebuild' } } },
    ],
    [
      'a lockfile that says so, as for fsevents@2.3.3',
      { claim: locked({ hasInstallScript: true }, true) },
    ],
  ])('notes %s', (_, words) => {
    expect(rulesOf(words)).toEqual([`note ${RULE}`]);
  });

  it.each<[string, Words]>([
    ['scripts that no client runs', { document: { scripts: { test: 'a', prepublish: 'b' } } }],
    [
      'a lockfile that is right',
      {
        archive: { scripts: { install: 'a' } },
        claim: locked({ hasInstallScript: true }, true),
      },
    ],
  ])('is silent about %s', (_, words) => {
    expect(rulesOf(words)).toEqual([]);
  });
});
