import { describe, expect, it } from 'vitest';
import { RULESET } from '@tarwarden/core';
import {
  exitCodeOf,
  jsonReporter,
  ndjsonReporter,
  NOTHING_SCANNED,
  summarise,
  textReporter,
  type Reporter,
  type ScanResult,
} from '@tarwarden/core/report';
import { ANSI, PLAIN } from '@tarwarden/core/text';
import { linked, note, second, SHA512, twice, verdictOf } from './sample.ts';

const clean: ScanResult = { path: 'clean.tgz', verdict: verdictOf([]) };
const warned: ScanResult = { path: 'warned.tgz', verdict: verdictOf([twice]) };
const bad: ScanResult = {
  path: 'bad.tgz',
  verdict: verdictOf([second, linked], { omitted: 1 }),
};
const excepted: ScanResult = {
  path: 'excepted.tgz',
  verdict: verdictOf([{ ...linked, excepted: 'reviewed' }]),
};
const missing: ScanResult = {
  path: 'missing.tgz',
  error: { code: 'NOT_FOUND', message: 'there is no such file' },
};

function report(reporter: Reporter, results: readonly ScanResult[]): string {
  const summary = results.reduce(summarise, NOTHING_SCANNED);
  return (
    reporter.start() + results.map((one) => reporter.result(one)).join('') + reporter.end(summary)
  );
}

describe('the text reporter', () => {
  it('shows what has findings, and counts the rest', () => {
    const text = report(textReporter(PLAIN), [clean, warned, bad, excepted, missing]);
    expect(text).toMatchInlineSnapshot(`
      "accepted warned.tgz (sample@1.2.3)
        warning  repeated-directory
                 entry:  package/./a
                 reason: The entry creates a folder that already exists, and some extractors fail there: "package/./a" after "package/a"

      REJECTED bad.tgz (sample@1.2.3)
        error    gzip-trailing
                 reason: A second gzip member follows: at byte 120
        error    symlink
                 entry:  package/link
                 reason: The entry is a symbolic link: it points to "../../outside"
        … and 1 more finding, not listed
        what to do:
        gzip-trailing: Do not install it: tarwarden cannot inspect what follows, and some extractors unpack it. Ask its maintainers for a clean upload. If you maintain this package: compress once: \`tar | gzip\`, not \`cat a.gz b.gz\`, nor a compressor that writes independent blocks (bgzip). A signing tool or a broken proxy may have appended bytes.
        symlink: Do not install it: Yarn creates the link on your disk, wherever it leads. If you trust the package and need the link, allow this package (\`tarwarden allow\`), or allow links that stay inside their package (\`links: contained\` in your own policy). If you maintain this package: ship the file itself; \`npm pack\` leaves links out, so users of npm never get it.

      accepted excepted.tgz (sample@1.2.3)
        excepted symlink
                 entry:  package/link
                 reason: The entry is a symbolic link: it points to "../../outside"
                 excepted by the policy: reviewed

      NOT INSPECTED missing.tgz
        there is no such file

      5 archives: 3 accepted, 1 rejected, 1 not inspected, 2 warnings
      "
    `);
  });

  it('is one line where all is well', () => {
    expect(report(textReporter(PLAIN), [clean])).toBe('1 archive: 1 accepted, 0 rejected\n');
  });

  it('says the same with colour', () => {
    const painted = report(textReporter(ANSI), [bad, missing]);
    // oxlint-disable-next-line no-control-regex -- the colours themselves
    expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(report(textReporter(PLAIN), [bad, missing]));
  });

  it('says nothing of notes, not even among its counts', () => {
    const noted: ScanResult = { path: 'noted.tgz', verdict: verdictOf([note]) };
    expect(report(textReporter(PLAIN), [noted])).toBe('1 archive: 1 accepted, 0 rejected\n');
    const both: ScanResult = { path: 'both.tgz', verdict: verdictOf([note, linked]) };
    const text = report(textReporter(PLAIN), [both]);
    expect(text).toContain('symlink');
    expect(text).not.toContain(note.rule);
    expect(report(ndjsonReporter, [noted])).toContain(
      `{"rule":"${note.rule}","level":"note","message":`,
    );
  });

  it('escapes paths', () => {
    const text = report(textReporter(PLAIN), [{ ...missing, path: '\u001b[2Ja\nb' }]);
    expect(text).toContain('NOT INSPECTED \\x1b[2Ja\\nb\n');
  });
});

describe('the ndjson reporter', () => {
  it('gives one line a file, its keys in the order of the contract', () => {
    expect(report(ndjsonReporter, [clean, bad, excepted, missing])).toBe(
      [
        `{"path":"clean.tgz","format":"npm","status":"accept","sha512":"${SHA512}","findings":[]}`,
        `{"path":"bad.tgz","format":"npm","status":"reject","sha512":"${SHA512}","findings":[` +
          '{"rule":"gzip-trailing","code":"gzip-second-member","level":"error","message":"A second gzip member follows: at byte 120","entry":null},' +
          '{"rule":"symlink","level":"error","message":"The entry is a symbolic link: it points to \\"../../outside\\"","entry":"package/link"}],"omitted":1}',
        `{"path":"excepted.tgz","format":"npm","status":"accept","sha512":"${SHA512}","findings":[` +
          '{"rule":"symlink","level":"error","message":"The entry is a symbolic link: it points to \\"../../outside\\"","entry":"package/link","excepted":"reviewed"}]}',
        '{"path":"missing.tgz","format":null,"status":"error","sha512":null,"findings":[],"error":{"code":"NOT_FOUND","message":"there is no such file"}}',
        '',
      ].join('\n'),
    );
  });

  it('escapes what JSON would show and a terminal would obey, and loses nothing', () => {
    const path = '\u0000\u001b\u007f\u009b\u202e\u2066\u200b\u2028\ufeff\u{e0041}é😀\ud800.tgz';
    const line = ndjsonReporter.result({ ...missing, path });
    expect(line).toContain(
      '"\\u0000\\u001b\\u007f\\u009b\\u202e\\u2066\\u200b\\u2028\\ufeff\\udb40\\udc41é😀\\ud800.tgz"',
    );
    expect((JSON.parse(line) as { path: string }).path).toBe(path);
  });
});

describe('the json reporter', () => {
  it.each([[[]], [[clean]], [[clean, bad, missing]]])(
    'is one document',
    (results: ScanResult[]) => {
      const document = JSON.parse(report(jsonReporter(), results)) as Record<string, unknown>;
      expect(Object.keys(document)).toEqual(['schema', 'ruleset', 'results', 'summary']);
      expect(document).toMatchObject({ schema: 1, ruleset: RULESET });
      expect(document['results']).toEqual(
        results.map((one) => JSON.parse(ndjsonReporter.result(one)) as unknown),
      );
    },
  );

  it('sums up', () => {
    const document = JSON.parse(
      report(jsonReporter(), [clean, warned, bad, excepted, missing]),
    ) as {
      summary: unknown;
    };
    expect(document.summary).toEqual({
      files: 5,
      accepted: 3,
      rejected: 1,
      errors: 1,
      warnings: 2,
    });
  });
});

describe('the exit code', () => {
  it.each<[string, ScanResult[], number]>([
    ['nothing', [], 0],
    ['accepted', [clean, warned, excepted], 0],
    ['rejected', [clean, bad], 1],
    ['not inspected', [clean, missing], 2],
    ['rejected and not inspected', [missing, bad, missing], 1],
  ])('of %s', (_, results, code) => {
    expect(exitCodeOf(results.reduce(summarise, NOTHING_SCANNED))).toBe(code);
  });
});
