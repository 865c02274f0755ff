import { describe, expect, test } from 'vitest';
import { inspect, RULESET } from '@tarwarden/core';
import { PLAIN } from '@tarwarden/core/text';
import { explain, explanationJson, explanationText } from '@tarwarden/explain';
import { attack, attacks, cleanOddities, zipAttacks } from '../../support/attacks.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';
import { yarnZip } from '../../support/yarn-zip.ts';

const ten = [
  'symlink',
  'path-traversal',
  'duplicate-path',
  'pax-size-desync',
  'gzip-second-member',
  'entries-after-end',
  'special-mode-bits-4755',
  'nul-in-path',
  'tar-checksum',
  'gzip-trailing-bytes',
];

const text = (bytes: Buffer): string =>
  explanationText(explain('hostile.tgz', bytes, inspect(bytes)), PLAIN);

const bombs = /^(?:entry-count|compression|unpacked)/;

describe('explain', () => {
  test.each(ten)('tells what is wrong, where, for whom and what to do: %s', (id) => {
    expect(text(attack(id).build())).toMatchSnapshot();
  });

  test('tells of an accepted archive that all unpack it alike', () => {
    const plain = cleanOddities.find(({ id }) => id === 'plain');
    expect(text(plain?.build() ?? Buffer.alloc(0))).toMatchSnapshot();
  });

  test('lists what is no more than a note, after what weighs more', () => {
    const note = entry({ name: 'package/a.txt', mode: 0o654 });
    const noted = text(tgz({ entries: [note] }));
    expect(noted).toContain('a guarded install goes on: 1 note\n');
    expect(noted).toContain('  note     executable-for-others\n');
    const both = text(tgz({ entries: [note, entry({ name: 'package/a?.js' })] }));
    expect(both).toContain('a guarded install goes on: 1 warning, 1 note\n');
    expect(both.indexOf('warning  windows-character')).toBeLessThan(both.indexOf('note     exec'));
  });

  test('tells the same as JSON', () => {
    const bytes = attack('symlink').build();
    const document = explanationJson(explain('a.tgz', bytes, inspect(bytes)));
    const { ruleset, ...rest } = JSON.parse(document) as Record<string, unknown>;
    expect(ruleset).toBe(RULESET);
    // As text, so that no control character is in the snapshot.
    expect(JSON.stringify(rest, null, 1)).toMatchSnapshot();
  });

  test.each(attacks.filter(({ id }) => !bombs.test(id)))(
    'is short, and safe for a terminal: $id',
    (one) => {
      const { rule } = one;
      const bytes = one.build();
      const shown = text(bytes);
      // oxlint-disable-next-line no-control-regex -- nothing of the kind may come through
      expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/);
      expect(shown.length).toBeLessThan(64 * 1024);
      expect(explanationJson(explain('a', bytes, inspect(bytes)))).not.toMatch(/[\u202e\u200b]/);
      for (const id of rule) {
        if (inspect(bytes).findings.some((one) => one.rule === id))
          expect(shown).toContain(`tarwarden rules ${id}`);
      }
    },
  );

  test('escapes the path that it was given', () => {
    const bytes = attack('symlink').build();
    const shown = explanationText(explain('a\u001b[2J\n.tgz', bytes, inspect(bytes)), PLAIN);
    expect(shown).toContain('a\\x1b[2J\\n.tgz');
  });

  test.each([0x1b, 0x7f, 0x9b, 0xad])('escapes an entry of type %i', (typeflag) => {
    const bytes = tgz({ entries: [entry({ name: 'package/odd', typeflag })] });
    const escaped = `\\x${typeflag.toString(16)}`;
    expect(text(bytes)).toContain(`since an entry is of type "${escaped}"`);
    expect(text(bytes)).not.toContain(String.fromCharCode(typeflag));
  });

  test.each(attacks.filter(({ id }) => !bombs.test(id)))(
    'fits a terminal of 80 columns, but for names and digests: $id',
    (one) => {
      const bytes = one.build();
      const shown = explanationText(explain('a.tgz', bytes, inspect(bytes)), PLAIN, 80);
      const wide = shown.split('\n').filter((line) => line.length > 80);
      // What is left is one piece of quoted text, a path or a digest, with at most a word before it.
      const prose = wide.filter(
        (line) =>
          !/^ *(?:sha512|entry:|REJECTED|ACCEPTED) /.test(line) &&
          line.replace(/"(?:[^"\\]|\\.)*"/g, '""').length > 80,
      );
      expect(prose).toEqual([]);
    },
  );

  test('says where names fall together that Linux keeps apart', () => {
    const shown = text(attack('case-collision').build());
    expect(shown).toMatch(
      /On Windows and macOS these are one name[^\n]*\n *"lib\/A\.js", "lib\/a\.js"/,
    );
    expect(text(attack('symlink').build())).not.toContain('Windows and macOS');
  });

  test.each(zipAttacks)('is safe for a terminal, and speaks of Yarn alone: $id', (one) => {
    const bytes = one.build();
    const explanation = explain('a.zip', bytes, inspect(bytes, { format: 'yarn-zip' }));
    const shown = explanationText(explanation, PLAIN, 80);
    // oxlint-disable-next-line no-control-regex -- nothing of the kind may come through
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(shown).toContain('Who is affected\n  Yarn 3 and 4');
  });

  test('compares nothing for an archive that only Yarn opens', () => {
    const bytes = yarnZip({ name: 'fixture', version: '1.0.0' });
    const explanation = explain('a.zip', bytes, inspect(bytes, { format: 'yarn-zip' }));
    expect(explanation.comparison).toBeUndefined();
    expect(explanationText(explanation, PLAIN)).not.toContain('package manager');
  });
});
