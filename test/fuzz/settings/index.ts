import { npms } from '../../support/managers.ts';
import { bunSubject } from './bun.ts';
import { npmSubject } from './npm.ts';
import type { SettingsSubject } from './subject.ts';

/** Every client whose settings are fuzzed. */
export const settingsSubjects: readonly SettingsSubject[] = [...npms.map(npmSubject), bunSubject];
