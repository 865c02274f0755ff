import { pnpmSubjects } from './pnpm.ts';
import type { SettingsSubject } from './subject.ts';

/** Every client whose settings are fuzzed. */
export const settingsSubjects: readonly SettingsSubject[] = [...pnpmSubjects];
