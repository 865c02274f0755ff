/** What an examination may find, for the tests of its reports. */
import type { Examination } from '../../../packages/doctor/src/examine.ts';
import type { Hole } from '../../../packages/doctor/src/hole.ts';
import { bundled, record } from './records.ts';

export const hole = (more: Partial<Hole> = {}): Hole => ({
  record: record('GHSA-1', {}, { aliases: ['CVE-2026-1'] }),
  component: bundled(),
  state: 'open',
  reach: 'manager',
  urgency: 'high',
  fixed: '2.0.0',
  remedy: 'upgrade npm',
  ...more,
});

export const examination = (more: Partial<Examination> = {}): Examination => ({
  date: '2026-11-25',
  components: [
    bundled({ name: 'npm', version: '10.0.0' }, { itself: true, path: '/opt/npm' }),
    bundled(),
  ],
  holes: [],
  problems: [],
  ...more,
});
