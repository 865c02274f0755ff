/** Texts of a repository that are long and odd: the work grows with their length, and no faster. */
import { describe, expect, it } from 'vitest';
import { keptSecret } from '../../../../packages/confine/src/clients/yarn.ts';
import { bunNpmrcValues } from '../../../../packages/clients/src/bun/layers.ts';
import { pipValues } from '../../../../packages/clients/src/python/settings.ts';
import { bundlerValues } from '../../../../packages/clients/src/ruby/bundler.ts';
import { withYarnVariables } from '../../../../packages/clients/src/yarn/settings.ts';

const LENGTH = 200_000;

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  'an .npmrc of bun': (text) => bunNpmrcValues(text, {}),
  'a pip.conf': pipValues,
  'a configuration of Bundler': bundlerValues,
  'a value of Yarn 4': (text) => withYarnVariables(text, {}),
  'a secret of Yarn': keptSecret,
};

describe.each(Object.keys(readers))('%s', (reader) => {
  it.each(['a', '\n', '\r', ' ', '"', '\\', '<', '=', '${', '${a-', '}', '#', '[a]\n', 'a=b\r'])(
    'of %j alone is read',
    (piece) => {
      const text = `a=${piece.repeat(LENGTH / piece.length)}\n`;
      const read = (): string => {
        try {
          readers[reader]!(text);
        } catch {
          // Some are no settings.
        }
        return 'read';
      };
      expect(read()).toBe('read');
    },
  );
});
