import { expect, it } from 'vitest';
import { reportText } from '../../../../packages/server/src/commands/sweep/report-text.ts';
import { count, reportOf } from './report-of.ts';

it('has each table with shares of what it counts', () => {
  expect(
    reportText(
      reportOf({ byPacker: [count('npm 10', 900), { ...count('others', 300), keys: 4 }] }),
    ),
  ).toMatchInlineSnapshot(`
    "1000 verdicts by rule set 9, of which 2 reject (0.20 %); 3 not inspected, 0 tasks left

    By rule: archives
      duplicate-path                          30   3.00 %  1 rejected
      link-escapes                             1   0.10 %  1 rejected

    By year: package versions
      2024                                   500  41.67 %  0 rejected
      2025                                   700  58.33 %  2 rejected
      unknown                                  1   0.08 %  0 rejected

    By packer: package versions
      npm 10                                 900  75.00 %  0 rejected
      4 others                               300  25.00 %  0 rejected

    Rejected since 2026-11-01 for the first time: 1 archive
      link-escapes                             1 100.00 %  1 rejected

    These, the newest first
      2026-11-02T00:00:00Z  a@1.0.0  link-escapes

    Not inspected
      3  the registry answers 404
    "
  `);
});

it('says nothing of a day that nobody asked for', () => {
  const { newlyRejected } = reportOf();
  const text = reportText(reportOf({ newlyRejected: { ...newlyRejected, since: null } }));
  expect(text).toContain(
    'Rejected, the newest first\n  2026-11-02T00:00:00Z  a@1.0.0  link-escapes\n',
  );
  expect(text).not.toContain('since');
});
