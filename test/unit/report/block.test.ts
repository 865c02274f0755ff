import { describe, expect, it } from 'vitest';
import { inspect } from '@tarwarden/core';
import { formatBlock } from '@tarwarden/core/report';
import { ruleReference } from '../../../packages/core/src/report/finding.ts';
import { parseJson } from '../../../packages/core/src/policy/json-source.ts';
import { parsePolicy } from '../../../packages/core/src/policy/parse.ts';
import { attacks } from '../../support/attacks.ts';
import { linked, second, SHA512, twice, verdictOf } from './sample.ts';

// oxlint-disable-next-line no-control-regex -- nothing that steers a terminal may be left
const STEERING = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/;

describe('formatBlock', () => {
  it('tells package, source, findings, remedies and the exception', () => {
    const block = formatBlock({
      subject: 'sample@1.2.3',
      source: 'https://user:secret@registry.example/sample-1.2.3.tgz?token=abc',
      verdict: verdictOf([twice, linked, second]),
    });
    expect(block).toMatchInlineSnapshot(`
      "tarwarden: refused sample@1.2.3: this archive is not safe to unpack
        This package contains a link. A link can point to any file on your disk, and unpacking the package could then overwrite or expose that file.
        source:    https://***@registry.example/sample-1.2.3.tgz?token=***
        integrity: sha512-Dw8PDw==

        error    symlink
                 entry:  package/link
                 reason: The entry is a symbolic link: it points to "../../outside"
        error    gzip-trailing
                 reason: A second gzip member follows: at byte 120
        warning  repeated-directory
                 entry:  package/./a
                 reason: The entry creates a folder that already exists, and some extractors fail there: "package/./a" after "package/a"

      What to do
        Read the rules:
          tarwarden rules symlink gzip-trailing
        No exception can let it pass, because it could not be read to its end:
          Do not install it: tarwarden cannot inspect what follows, and some extractors unpack it. Ask its maintainers for a clean upload."
    `);
  });

  it('tells what was left out, and the reason of an exception', () => {
    const excepted = { ...linked, excepted: 'reviewed in 2026' };
    const verdict = verdictOf([excepted, second], { omitted: 7 });
    expect(formatBlock({ subject: './sample.tgz', verdict })).toMatchInlineSnapshot(`
      "tarwarden: refused ./sample.tgz: this archive is not safe to unpack
        Programs unpack different files from this archive, so your package manager can install something else than a reviewer or a scanner sees.
        integrity: sha512-Dw8PDw==

        error    gzip-trailing
                 reason: A second gzip member follows: at byte 120
        excepted symlink
                 entry:  package/link
                 reason: The entry is a symbolic link: it points to "../../outside"
                 excepted by the policy: reviewed in 2026
        … and 7 more findings, not listed

      What to do
        Read the rule:
          tarwarden rules gzip-trailing
        No exception can let it pass, because it could not be read to its end:
          Do not install it: tarwarden cannot inspect what follows, and some extractors unpack it. Ask its maintainers for a clean upload."
    `);
  });

  it('tells an accepted archive from a refused one', () => {
    const block = formatBlock({ subject: 'sample@1.2.3', verdict: verdictOf([twice]) });
    expect(block).toMatchInlineSnapshot(`
      "tarwarden: accepted sample@1.2.3
        integrity: sha512-Dw8PDw==

        warning  repeated-directory
                 entry:  package/./a
                 reason: The entry creates a folder that already exists, and some extractors fail there: "package/./a" after "package/a""
    `);
  });

  it('says the same with colour', () => {
    const verdict = verdictOf([linked, twice]);
    const plain = formatBlock({ subject: 'sample@1.2.3', verdict });
    const painted = formatBlock({ subject: 'sample@1.2.3', verdict, colour: true });
    expect(painted).not.toBe(plain);
    // oxlint-disable-next-line no-control-regex -- the colours themselves
    expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(plain);
  });

  it('lets nothing hostile through to a terminal', () => {
    const hostile = '\u001b]0;title\u0007\u202eevil\r\n\u009b2J';
    const block = formatBlock({
      subject: `evil${hostile}@1.0.0`,
      source: `https://registry.example/${hostile}`,
      verdict: verdictOf([{ ...linked, entry: `package/${hostile}`, excepted: hostile }, second], {
        manifest: { name: hostile, version: '1.0.0' },
      }),
    });
    expect(block).not.toMatch(STEERING);
    expect(block).toContain('\\x1b]0;title');
  });

  it('offers no exception where none could match', () => {
    const { manifest: _, ...anonymous } = verdictOf([linked]);
    expect(formatBlock({ subject: './sample.tgz', verdict: anonymous })).not.toContain(
      '"exceptions"',
    );
    expect(formatBlock({ subject: './sample.tgz', verdict: verdictOf([linked]) })).toContain(
      '"package":"sample@1.2.3"',
    );
  });

  it('offers an exception that is valid once a reason and a date are filled in', () => {
    const awkward = ['unsafe-character', 'unsafe-character', 'unsafe-character', 'symlink'];
    const chosen = attacks.filter(({ rule }) => rule.some((id) => awkward.includes(id)));
    expect(chosen.length).toBeGreaterThan(5);
    let offered = 0;
    for (const attack of chosen) {
      const verdict = inspect(attack.build());
      const hint = formatBlock({ subject: 'fixture@1.0.0', verdict })
        .split('\n')
        .map((line) => line.trim())
        .find((line) => line.startsWith('{'));
      if (verdict.status === 'accept' || hint === undefined) continue;
      const policy = (text: string) => parsePolicy(parseJson(`{"exceptions":[${text}]}`));
      expect(policy(hint).ok).toBe(false);
      const filled = hint
        .replace('"reason":""', '"reason":"reviewed"')
        .replace('YYYY-MM-DD', '2027-01-01');
      expect(policy(filled)).toMatchObject({ ok: true });
      expect(hint).not.toMatch(STEERING);
      offered += 1;
    }
    expect(offered).toBeGreaterThan(3);
  });

  it('names the digest that the exception pins', () => {
    expect(formatBlock({ subject: 'a@1.0.0', verdict: verdictOf([linked]) })).toContain(SHA512);
  });
});

it('a report points to a command that works offline, and to an address where there is one', () => {
  expect(ruleReference('symlink')).toBe('tarwarden rules symlink');
  expect(ruleReference('symlink', 'https://rules.example/')).toBe(
    'tarwarden rules symlink, https://rules.example/symlink',
  );
});
