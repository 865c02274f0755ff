/** What an examination may find, for the tests of its reports. */
import type { Defence } from '../../../packages/doctor/src/defences/defence.ts';
import type { GuardSetup } from '../../../packages/doctor/src/defences/guard.ts';
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
  ...more,
});

export const examination = (more: Partial<Examination> = {}): Examination => ({
  date: '2026-11-25',
  components: [
    bundled({ name: 'npm', version: '10.0.0' }, { itself: true, path: '/usr/lib/npm' }),
    bundled(),
  ],
  holes: [],
  problems: [],
  ...more,
});

export const defence = (more: Partial<Defence> = {}): Defence => ({
  manager: 'npm',
  version: '12.2.0',
  folder: '.',
  setting: 'min-release-age',
  purpose: 'release-age',
  state: 'off',
  value: undefined,
  source: { kind: 'default' },
  reason: undefined,
  switchOn: { file: '.npmrc', line: 'min-release-age=3' },
  ...more,
});

export const guard = (more: Partial<GuardSetup> = {}): GuardSetup => ({
  manager: 'npm',
  folder: '.',
  state: 'found',
  message: 'the shim /x/npm',
  remedy: undefined,
  ...more,
});
