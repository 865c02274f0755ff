import type { SettingsSubject } from './subject.ts';
import { yarnClassicSubject } from './yarn-classic.ts';
import { yarnSubject } from './yarn.ts';

/** Every client whose settings are fuzzed. */
export const settingsSubjects: readonly SettingsSubject[] = [
  yarnSubject(3),
  yarnSubject(4),
  yarnClassicSubject('yarn-1'),
];
