import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent } from '../../support/inspected.ts';
import { metadataOf, wheelBeside } from '../../support/index-word.ts';

const RULE = 'index-other-metadata';

describe('index-other-metadata', () => {
  const own = metadataOf('Requires-Python: >=3.8, <4', 'Provides-Extra: fast');

  it.each([
    ['another name', own.replace('fixture', 'other'), 'the name "other"'],
    ['another version', own.replace('1.0.0', '1.0.1'), 'the version "1.0.1"'],
    ['another Requires-Python', own.replace('>=3.8', '>=3.7'), 'Requires-Python "<4,>=3.7"'],
    ['no Requires-Python', metadataOf('Provides-Extra: fast'), 'Requires-Python ""'],
    ['another extra', own.replace('fast', 'slow'), 'the extras "slow"'],
    ['two versions', own.replace('Provides', 'Version: 2\nProvides'), '2 fields "version"'],
  ])('rejects %s', (_title, file, detail) => {
    expectRejected(wheelBeside(own, file), RULE, [
      { level: 'error', message: expect.stringContaining(detail) },
    ]);
  });

  it('is silent about other spellings of name, version, Python and extra', () => {
    const other = own
      .replace('fixture', 'Fixture')
      .replace('1.0.0', '1.0')
      .replace('>=3.8, <4', '<4,>=3.8')
      .replace('fast', 'FAST');
    expectSilent(wheelBeside(own, other), RULE);
  });
});
