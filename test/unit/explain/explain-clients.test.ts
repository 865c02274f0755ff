/** Whole outputs of `explain` for archives of Python, Ruby and Go. */
import { describe, expect, test } from 'vitest';
import { inspect, type Format } from '@tarwarden/core';
import { PLAIN } from '@tarwarden/core/text';
import { explain, explanationJson, explanationText, type Explanation } from '@tarwarden/explain';
import { SAMPLES } from '../../e2e/views/clients/samples.ts';
import type { ClientFormat } from '../../e2e/views/clients/clients.ts';

const GO = { name: 'example.org/team/subject', version: 'v1.2.3' };

function explanation(format: ClientFormat, name: string): Explanation {
  const { attacks, clean } = SAMPLES[format];
  const sample = [...attacks, ...clean].find((one) => one.name === name);
  if (sample === undefined) throw new RangeError(`no archive ${name}`);
  const { bytes, fileName } = sample;
  const expected = format === 'gomod' ? GO : undefined;
  const asked = { fileName, ...expected };
  const verdict = inspect(bytes, { format: format as Format, expected: asked });
  return explain(fileName, bytes, verdict, expected);
}

const shown: readonly [ClientFormat, string][] = [
  ['sdist', 'write-through'],
  ['sdist', 'zip-behind'],
  ['wheel', 'wheel-sibling-folder'],
  ['wheel', 'wheel-two-names'],
  ['wheel', 'wheel-plain'],
  ['gem', 'gem-extended-header-deletes'],
  ['gem', 'gem-platform'],
  ['gomod', 'case collision'],
];

describe('explain', () => {
  test.each(shown)('shows a whole %s: %s', (format, name) => {
    expect(explanationText(explanation(format, name), PLAIN, 80)).toMatchSnapshot();
  });

  test('has the same as JSON', () => {
    const document = JSON.parse(explanationJson(explanation('sdist', 'write-through'))) as {
      managers: { manager: string; outcome: string; files: unknown[] }[];
    };
    expect(document.managers.map(({ manager, outcome }) => [manager, outcome])).toEqual([
      ['pip-25', 'error'],
      ['pip-23', 'installs'],
    ]);
    expect(document.managers[1]?.files).toContainEqual(
      expect.objectContaining({ path: '../../sentinel/planted', outside: true }),
    );
  });

  const all = Object.entries(SAMPLES).flatMap(([format, { attacks }]) =>
    attacks.map(({ name }) => [format as ClientFormat, name] as const),
  );
  test.each(all)(
    'is short, safe for a terminal, and without words of npm: %s, %s',
    (format, name) => {
      const text = explanationText(explanation(format, name), PLAIN);
      // oxlint-disable-next-line no-control-regex -- nothing of the kind may come through
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/);
      expect(text.length).toBeLessThan(64 * 1024);
      const where = text.slice(text.indexOf('Who is affected'));
      expect(where).not.toMatch(/npm|Yarn|package manager/);
      expect(where).toMatch(/^Who is affected: what each client would /);
    },
  );
});
