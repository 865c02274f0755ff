import { goSubject } from './go.ts';
import { netrcSubjects } from './netrc.ts';
import { pipSubject } from './pip.ts';
import { rubySubjects } from './ruby.ts';
import type { SettingsSubject } from './subject.ts';

/** Every client whose settings are fuzzed. */
export const settingsSubjects: readonly SettingsSubject[] = [
  pipSubject,
  ...rubySubjects,
  goSubject,
  ...netrcSubjects,
];
